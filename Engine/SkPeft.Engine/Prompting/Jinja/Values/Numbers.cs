using System.Numerics;

namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>Python's int is <see cref="BigInteger"/> here, its float is <see cref="double"/>, its bool <see cref="bool"/>.</summary>
internal static class Numbers
{
    public static bool IsNumber(object? value) => value is BigInteger or double or bool;

    /// <summary>True for int and bool, which is an int.</summary>
    public static bool TryInt(object? value, out BigInteger integer)
    {
        integer = value switch
        {
            BigInteger i => i,
            bool b => b ? BigInteger.One : BigInteger.Zero,
            _ => default,
        };
        return value is BigInteger or bool;
    }

    public static double ToDouble(object value) => value switch
    {
        double d => d,
        bool b => b ? 1 : 0,
        BigInteger i when Nearest(i) is var near && double.IsFinite(near) => near,
        _ => throw JinjaException.Overflow("int too large to convert to float"),
    };

    /// <summary>The nearest double, ties to even; .NET's own conversion cuts.</summary>
    public static double Nearest(BigInteger value)
    {
        long bits = value.GetBitLength();
        if (bits <= 53)
        {
            return (double)value;
        }

        // 64 leading bits, the last of which tells whether anything was cut off: one rounding, done by the processor.
        int shift = (int)Math.Max(0, bits - 63);
        BigInteger magnitude = BigInteger.Abs(value), head = magnitude >> shift;
        head = head << shift == magnitude ? head : head | BigInteger.One;
        return Math.CopySign(Math.ScaleB((double)(ulong)head, shift), value.Sign);
    }

    /// <summary>Compares two numbers exactly; 2 where one of them is NaN.</summary>
    public static int Compare(object a, object b)
    {
        if (TryInt(a, out BigInteger x) && TryInt(b, out BigInteger y))
        {
            return Math.Sign(x.CompareTo(y));
        }

        if (a is double p && b is double q)
        {
            return double.IsNaN(p) || double.IsNaN(q) ? 2 : p.CompareTo(q);
        }

        return a is double left ? CompareMixed(left, b) : Flip(CompareMixed((double)b, a));
    }

    private static int Flip(int order) => order == 2 ? 2 : -order;

    private static int CompareMixed(double d, object integer)
    {
        TryInt(integer, out BigInteger i);
        if (!double.IsFinite(d))
        {
            return double.IsNaN(d) ? 2 : double.IsPositiveInfinity(d) ? 1 : -1;
        }

        int order = Math.Sign(new BigInteger(Math.Floor(d)).CompareTo(i));
        return order != 0 ? order : d > Math.Floor(d) ? 1 : 0;
    }
}
