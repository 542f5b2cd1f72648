using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Python's <c>iter</c>, <c>len</c>, <c>bool</c> and <c>list</c>.</summary>
internal static class PyIteration
{
    public static bool IsIterable(object? value) =>
        value is PyString or IPySequence or PyDict or PyDictView or PyRange or PyIterator or PyUndefined or LoopContext;

    /// <summary>Iterates a value; every item costs a step.</summary>
    public static IEnumerable<object?> Iterate(object? value, Budget budget) => value switch
    {
        PyString s => Counted(Characters(s), budget),
        IPySequence s => Counted(s.Items, budget),
        PyDict d => Counted(d.Entries.Select(e => e.Key), budget),
        PyDictView v => Counted(v.Items(), budget),
        PyRange r => Counted(r.Items(), budget),
        PyIterator i => Counted(i.Rest(), budget),
        PyUndefined => [],
        LoopContext l => Counted(l.Rest(), budget),
        _ => throw JinjaException.Type($"'{PyType.NameOf(value)}' object is not iterable"),
    };

    /// <summary>A list of the items; lists and tuples give theirs without a copy.</summary>
    public static IReadOnlyList<object?> ToList(object? value, Budget budget)
    {
        if (value is IPySequence sequence)
        {
            budget.Items(sequence.Items.Count);
            return sequence.Items;
        }

        List<object?> items = [];
        foreach (object? item in Iterate(value, budget))
        {
            items.Add(item);
            if ((items.Count & 1023) == 0)
            {
                budget.Items(items.Count);
            }
        }

        budget.Items(items.Count);
        return items;
    }

    /// <summary>Python's len, or -1 where the value has none.</summary>
    public static int LengthOrNone(object? value) => value switch
    {
        PyString s => s.Length,
        IPySequence s => s.Items.Count,
        PyDict d => d.Count,
        PyDictView v => v.Dict.Count,
        PyRange r => r.Count,
        PyUndefined => 0,
        LoopContext l => l.Length,
        _ => -1,
    };

    public static int Length(object? value) => LengthOrNone(value) is >= 0 and int length
        ? length
        : throw JinjaException.Type($"object of type '{PyType.NameOf(value)}' has no len()");

    public static bool Truth(object? value) => value switch
    {
        null => false,
        bool b => b,
        System.Numerics.BigInteger i => !i.IsZero,
        double d => d != 0,
        PyString s => s.Text.Length > 0,
        _ => LengthOrNone(value) != 0,
    };

    /// <summary>Python's <c>item in container</c>.</summary>
    public static bool Contains(object? container, object? item, Budget budget)
    {
        switch (container)
        {
            case PyString text:
                PyString part = item as PyString
                    ?? throw JinjaException.Type($"'in <string>' requires string as left operand, not {PyType.NameOf(item)}");
                budget.Text(0, text.Text.Length);
                return TextSearch.Find(text.Text, part.Text, 0) >= 0;
            case PyDict dict:
                return dict.TryGet(item, out _);
            case PyDictView { What: PyDictView.Part.Keys } keys:
                return keys.Dict.TryGet(item, out _);
            case PyString or IPySequence or PyDictView or PyRange or PyIterator or PyUndefined or LoopContext:
                return Iterate(container, budget).Any(x => PyCompare.Equal(x, item, budget) || ReferenceEquals(x, item));
            default:
                throw JinjaException.Type($"argument of type '{PyType.NameOf(container)}' is not iterable");
        }
    }

    private static IEnumerable<object?> Counted(IEnumerable<object?> items, Budget budget)
    {
        foreach (object? item in items)
        {
            budget.Step();
            yield return item;
        }
    }

    private static IEnumerable<object?> Characters(PyString text)
    {
        for (int i = 0; i < text.Text.Length;)
        {
            int width = CodePoints.WidthAt(text.Text, i);
            yield return text.Part(i, width).AsSafe(false);
            i += width;
        }
    }
}
