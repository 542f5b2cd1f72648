using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Runtime;

/// <summary>
/// The parameters of a function of ours: <c>"old"</c> is required, <c>"count?"</c> optional; a leading <c>/</c> marks one that Python takes
/// by position only.
/// </summary>
internal sealed class Signature(string function, params string[] parameters)
{
    private static readonly object s_missing = new();

    /// <summary>Puts arguments to their parameters.</summary>
    /// <exception cref="JinjaException">There are too many, too few, or unknown names.</exception>
    public Bound Bind(CallArguments arguments)
    {
        if (arguments.Positional.Count > parameters.Length)
        {
            throw JinjaException.Type($"{function}() takes at most {parameters.Length} argument(s) ({arguments.Positional.Count} given)");
        }

        object?[] values = new object?[parameters.Length];
        Array.Fill(values, s_missing);
        for (int i = 0; i < arguments.Positional.Count; i++)
        {
            values[i] = arguments.Positional[i];
        }

        foreach ((string name, object? value) in arguments.Named)
        {
            int at = Array.FindIndex(parameters, p => p.TrimEnd('?') == name);
            if (at < 0 || values[at] != s_missing)
            {
                throw JinjaException.Type($"{function}() got {(at < 0 ? "an unexpected keyword argument" : "multiple values for argument")} '{name}'");
            }

            values[at] = value;
        }

        for (int i = 0; i < parameters.Length; i++)
        {
            if (values[i] == s_missing && !parameters[i].EndsWith('?'))
            {
                throw JinjaException.Type($"{function}() missing required argument: '{parameters[i].TrimStart('/')}'");
            }
        }

        return new Bound(function, values);
    }

    /// <summary>Bound arguments, read by position with the checks that Python's functions make.</summary>
    internal readonly struct Bound(string function, object?[] values)
    {
        public bool Has(int index) => values[index] != s_missing;

        public object? Value(int index, object? otherwise = null) => Has(index) ? values[index] : otherwise;

        public bool Flag(int index, bool otherwise = false) => Has(index) ? PyIteration.Truth(values[index]) : otherwise;

        /// <summary>A string.</summary>
        public PyString Text(int index, string? otherwise = null) => !Has(index) && otherwise is not null
            ? PyString.Trusted(otherwise)
            : values[index] as PyString ?? throw JinjaException.Type($"{function}() argument {index + 1} must be str, not {PyType.NameOf(values[index])}");

        /// <summary>A string or None.</summary>
        public PyString? TextOrNone(int index) => Value(index) is null ? null : Text(index);

        /// <summary>An int, cut to 32 bits, which no count or width that the limits allow reaches.</summary>
        public int Int(int index, int otherwise = 0)
        {
            object? value = Value(index, (BigInteger)otherwise);
            return value is PyUndefined u ? throw u.Error()
                : Numbers.TryInt(value, out BigInteger i) ? (int)BigInteger.Max(int.MinValue, BigInteger.Min(int.MaxValue, i))
                : throw JinjaException.Type($"{function}(): '{PyType.NameOf(value)}' object cannot be interpreted as an integer");
        }

        /// <summary>A bound of a part (start, end): an int or None.</summary>
        public int IndexOrNone(int index, int otherwise) => Value(index) is null ? otherwise : Int(index);
    }
}
