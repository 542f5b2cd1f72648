using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Library;

/// <summary>The methods of lists and tuples, and the fields of what <c>groupby</c> yields.</summary>
internal static class SequenceMethods
{
    private static readonly Signature s_index = new("index", "/value", "/start?", "/stop?");
    private static readonly Signature s_count = new("count", "/value");

    public static object? Bind(IPySequence sequence, string name) => (sequence, name) switch
    {
        (PyTuple { IsGroup: true }, "grouper") => sequence.Items[0],
        (PyTuple { IsGroup: true }, "list") => sequence.Items[1],
        (_, "index") => new PyFunction(name, (r, a) => Index(sequence, s_index.Bind(a), r.Budget)),
        (_, "count") => new PyFunction(name, (r, a) => Count(sequence, s_count.Bind(a).Value(0), r.Budget)),
        (PyList, "copy") => new PyFunction(name, (_, _) => sequence),
        (PyList, "append" or "extend" or "insert" or "pop" or "remove" or "clear" or "reverse" or "sort") => Refused.Method("list", name),
        _ => null,
    };

    private static object Index(IPySequence sequence, Signature.Bound bound, Budget budget)
    {
        int count = sequence.Items.Count;
        int Clip(int index) => Math.Clamp(index < 0 ? index + count : index, 0, count);
        int stop = Clip(bound.IndexOrNone(2, count));
        for (int i = Clip(bound.IndexOrNone(1, 0)); i < stop; i++)
        {
            if (PyCompare.Equal(sequence.Items[i], bound.Value(0), budget))
            {
                return (BigInteger)i;
            }
        }

        throw JinjaException.Value($"{PyText.Repr(bound.Value(0), budget).Text} is not in list");
    }

    private static object Count(IPySequence sequence, object? value, Budget budget) =>
        (BigInteger)sequence.Items.Count(item => PyCompare.Equal(item, value, budget));
}
