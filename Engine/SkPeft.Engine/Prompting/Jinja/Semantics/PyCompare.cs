using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Python's <c>==</c>, <c>&lt;</c> and the like.</summary>
internal static class PyCompare
{
    /// <summary>Python's ==. Objects of Jinja's classes are equal only to themselves.</summary>
    public static bool Equal(object? a, object? b, Budget budget)
    {
        if (ReferenceEquals(a, b))
        {
            return a is not double d || !double.IsNaN(d);
        }

        return (a, b) switch
        {
            (PyString x, PyString y) => EqualTexts(x, y, budget),
            (PyUndefined, PyUndefined) => true,
            (PyList x, PyList y) => EqualItems(x, y, budget),
            (PyTuple x, PyTuple y) => EqualItems(x, y, budget),
            (PyDict x, PyDict y) => EqualDicts(x, y, budget),
            (PyRange x, PyRange y) => x.Count == y.Count && (x.Count == 0 || (x.Start == y.Start && (x.Count == 1 || x.Step == y.Step))),
            ({ } x, { } y) when Numbers.IsNumber(x) && Numbers.IsNumber(y) => Numbers.Compare(x, y) == 0,
            _ => false,
        };
    }

    /// <summary>Python's <c>is</c>, as far as a template can see it: None, True and False are one, a list is itself.</summary>
    public static bool Same(object? a, object? b) =>
        ReferenceEquals(a, b) || (a is bool x && b is bool y && x == y) || (a is System.Numerics.BigInteger i && b is System.Numerics.BigInteger j && i == j)
        || (a is PyString s && b is PyString t && s.Equals(t));

    /// <summary>Evaluates <c>a op b</c> for one of <c>&lt; &lt;= &gt; &gt;=</c>.</summary>
    /// <exception cref="JinjaException">The types have no order.</exception>
    public static bool Ordered(object? a, object? b, string op, Budget budget)
    {
        int order = Order(a, b, op, budget);
        return order != 2 && op switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    /// <summary>Python's order of two values: negative, 0 or positive; 2 where a NaN is in it.</summary>
    public static int Order(object? a, object? b, string op, Budget budget)
    {
        budget.Nest();
        if (a is PyUndefined || b is PyUndefined)
        {
            throw ((a as PyUndefined) ?? (PyUndefined)b!).Error();
        }

        budget.Read(a is PyString left && b is PyString right ? Math.Min(left.Text.Length, right.Text.Length) : 0);
        return (a, b) switch
        {
            (PyString x, PyString y) => Math.Sign(OrderText(x.Text, y.Text)),
            (PyList x, PyList y) => OrderItems(x, y, op, budget),
            (PyTuple x, PyTuple y) => OrderItems(x, y, op, budget),
            ({ } x, { } y) when Numbers.IsNumber(x) && Numbers.IsNumber(y) => Numbers.Compare(x, y),
            _ => throw JinjaException.Type($"'{op}' not supported between instances of '{PyType.NameOf(a)}' and '{PyType.NameOf(b)}'"),
        };
    }

    private static bool EqualTexts(PyString a, PyString b, Budget budget)
    {
        budget.Read(a.Text.Length == b.Text.Length ? a.Text.Length : 0);
        return a.Equals(b);
    }

    /// <summary>Order by code points: UTF-16 would put U+FFFD after U+10000.</summary>
    private static int OrderText(string a, string b)
    {
        int n = Math.Min(a.Length, b.Length);
        int i = a.AsSpan(0, n).CommonPrefixLength(b.AsSpan(0, n));
        if (i == n)
        {
            return a.Length.CompareTo(b.Length);
        }

        bool x = char.IsSurrogate(a[i]), y = char.IsSurrogate(b[i]);
        return x == y ? a[i].CompareTo(b[i]) : x ? 1 : -1;
    }

    private static int OrderItems(IPySequence a, IPySequence b, string op, Budget budget)
    {
        for (int i = 0; i < Math.Min(a.Items.Count, b.Items.Count); i++)
        {
            if (!Equal(a.Items[i], b.Items[i], budget))
            {
                return Order(a.Items[i], b.Items[i], op, budget);
            }
        }

        return a.Items.Count.CompareTo(b.Items.Count);
    }

    private static bool EqualItems(IPySequence a, IPySequence b, Budget budget)
    {
        budget.Nest();
        if (a.Items.Count != b.Items.Count)
        {
            return false;
        }

        for (int i = 0; i < a.Items.Count; i++)
        {
            budget.Step();
            if (!Equal(a.Items[i], b.Items[i], budget))
            {
                return false;
            }
        }

        return true;
    }

    private static bool EqualDicts(PyDict a, PyDict b, Budget budget)
    {
        budget.Nest();
        if (a.Count != b.Count)
        {
            return false;
        }

        foreach ((object? key, object? value) in a.Entries)
        {
            budget.Step();
            if (!b.TryGet(key, out object? other) || !Equal(value, other, budget))
            {
                return false;
            }
        }

        return true;
    }
}
