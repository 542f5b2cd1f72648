using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Runtime;

namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>A key of a dict or a member of a set, compared as Python does: <c>1 == 1.0 == True</c>.</summary>
internal readonly struct PyKey : IEquatable<PyKey>
{
    private readonly object? _value;
    private readonly Budget _budget;
    private readonly int _hash;

    public PyKey(object? value, Budget budget)
    {
        _value = value;
        _budget = budget;
        budget.Read(value is PyString text ? text.Text.Length : 0);
        _hash = Hash(value, budget);
    }

    public bool Equals(PyKey other) => _hash == other._hash && Same(_value, other._value, _budget);

    public override bool Equals(object? obj) => obj is PyKey other && Equals(other);

    public override int GetHashCode() => _hash;

    private static bool Same(object? a, object? b, Budget budget) => a switch
    {
        PyString s => b is PyString t && s.Equals(t),
        PyTuple x => b is PyTuple y && SameItems(x, y, budget),
        PyUndefined => b is PyUndefined,
        BigInteger or double or bool => Numbers.IsNumber(b) && Numbers.Compare(a!, b!) == 0,
        _ => ReferenceEquals(a, b),
    };

    private static bool SameItems(PyTuple a, PyTuple b, Budget budget)
    {
        budget.Nest();
        if (ReferenceEquals(a, b) || a.Items.Count != b.Items.Count)
        {
            return ReferenceEquals(a, b);
        }

        for (int i = 0; i < a.Items.Count; i++)
        {
            if (!Same(a.Items[i], b.Items[i], budget))
            {
                return false;
            }
        }

        return true;
    }

    private static int Hash(object? value, Budget budget) => value switch
    {
        null => 17,
        PyString s => s.GetHashCode(),
        bool b => (b ? BigInteger.One : BigInteger.Zero).GetHashCode(),
        BigInteger i => i.GetHashCode(),
        double d when double.IsFinite(d) && Math.Floor(d) == d => new BigInteger(d).GetHashCode(),
        double d => d.GetHashCode(),
        PyUndefined => 19,
        PyTuple t => HashItems(t, budget),
        PyList or PyDict => throw JinjaException.Type($"unhashable type: '{PyType.NameOf(value)}'"),
        _ => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value),
    };

    private static int HashItems(PyTuple tuple, Budget budget)
    {
        budget.Nest();
        HashCode hash = default;
        foreach (object? item in tuple.Items)
        {
            hash.Add(Hash(item, budget));
        }

        return hash.ToHashCode();
    }
}
