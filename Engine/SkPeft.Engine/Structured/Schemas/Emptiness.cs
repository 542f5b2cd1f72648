using SkPeft.Engine.Structured.Automata;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>Finds schemas that no value satisfies.</summary>
/// <param name="withFormats">False: formats are taken for remarks, as some readers do.</param>
internal sealed class Emptiness(bool withFormats)
{
    private readonly HashSet<SchemaNode> _full = [];

    /// <summary>Whether no value satisfies a schema.</summary>
    public bool IsEmpty(SchemaNode node)
    {
        if (_full.Contains(node))
        {
            return false;
        }

        // What needs itself has no value, unless there is another way: the least solution, from nothing upwards.
        List<SchemaNode> open = Reachable(node);
        int before = -1;
        while (_full.Count != before)
        {
            before = _full.Count;
            foreach (SchemaNode next in Enumerable.Reverse(open))
            {
                if (!_full.Contains(next) && next.Origin.Guard(() => next.Shapes.Any(HasValue)))
                {
                    _full.Add(next);
                }
            }
        }

        return !_full.Contains(node);
    }

    /// <summary>Why a schema is empty: the innermost place that can be blamed.</summary>
    public SchemaException Explain(SchemaNode node)
    {
        HashSet<SchemaNode> seen = [];
        while (seen.Add(node))
        {
            // One alternative without a value below it is to blame; of several, the whole is.
            if (node.Shapes is not [var shape] || Needed(shape).FirstOrDefault(IsEmpty) is not { } below)
            {
                break;
            }

            node = below;
        }

        string found = seen.Contains(node) && node.Shapes.Any(s => Needed(s).Any()) ? "a value that must contain itself without end, or parts that cannot be" : "keywords that no value satisfies together";
        return node.Origin.Wrong("schema", found, "at least one value that is valid");
    }

    private static IEnumerable<SchemaNode> Needed(Shape shape) => shape switch
    {
        ArrayShape array => Enumerable.Range(0, Math.Min(array.Min, array.Prefix.Count + 1)).Select(array.ItemAt),
        ObjectShape item => item.Required.Select(item.ValueOf),
        _ => [],
    };

    private bool HasValue(Shape shape) => shape switch
    {
        NumberShape number => !number.Range.IsEmpty,
        StringShape text => HasText(text),
        ArrayShape array => !(array.Min > array.Max) && Needed(array).All(_full.Contains),
        ObjectShape item => !(item.Min > item.Max) && !(item.Required.Count > item.Max) && Needed(item).All(_full.Contains) && HasRoom(item),
        _ => true,
    };

    private bool HasText(StringShape text)
    {
        TextAutomaton automaton = withFormats ? TextAlgebra.Both(text.Pattern, text.Format) : text.Pattern;
        return !(text.Min > text.Max)
            && (automaton == TextAutomaton.AnyText || !TextAlgebra.WithLength(automaton, text.Min, text.Max).IsEmpty);
    }

    private bool HasRoom(ObjectShape item) =>
        _full.Contains(item.Others) || item.Others.AnyDepth is not null || item.Properties.Count(p => _full.Contains(p.Value)) >= item.Min;

    private static List<SchemaNode> Reachable(SchemaNode node)
    {
        List<SchemaNode> nodes = [node];
        HashSet<SchemaNode> seen = [node];
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (SchemaNode next in nodes[i].Shapes.SelectMany(Below))
            {
                if (seen.Add(next))
                {
                    nodes.Add(next);
                }
            }
        }

        return nodes;
    }

    private static IEnumerable<SchemaNode> Below(Shape shape) => shape switch
    {
        ArrayShape { Min: > 0 } array => Needed(array),
        ObjectShape { Min: > 0 } item => [.. item.Properties.Select(p => p.Value), item.Others],
        ObjectShape item => Needed(item),
        _ => [],
    };
}
