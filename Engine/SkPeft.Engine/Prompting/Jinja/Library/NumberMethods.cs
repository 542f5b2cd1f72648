using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Library;

/// <summary>The few members of numbers that a template may want.</summary>
internal static class NumberMethods
{
    public static object? Bind(object number, string name) => (number, name) switch
    {
        (bool b, "real" or "numerator") => b ? BigInteger.One : BigInteger.Zero,
        (_, "real") or (BigInteger, "numerator") => number,
        (double, "imag") => 0.0,
        (_, "imag") => BigInteger.Zero,
        (BigInteger or bool, "denominator") => BigInteger.One,
        (double d, "is_integer") => new PyFunction(name, (_, _) => double.IsFinite(d) && Math.Floor(d) == d),
        (BigInteger, "is_integer") => new PyFunction(name, (_, _) => true),
        (BigInteger i, "bit_length") => new PyFunction(name, (_, _) => (BigInteger)(long)BigInteger.Abs(i).GetBitLength()),
        _ => null,
    };
}
