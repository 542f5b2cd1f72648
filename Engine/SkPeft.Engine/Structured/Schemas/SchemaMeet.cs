using SkPeft.Engine.Structured.Automata;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>Schemas that must hold together.</summary>
internal sealed class SchemaMeet
{
    private const int MaxShapes = 2000;
    private const int MaxNodes = 20_000;

    private readonly Dictionary<string, SchemaNode> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<SchemaNode, int> _numbers = [];

    /// <summary>A schema that says what all of these say.</summary>
    public SchemaNode Of(IEnumerable<SchemaNode> nodes)
    {
        SchemaNode[] all = [.. nodes];
        SchemaNode[] atoms = [.. all.SelectMany(n => n.Atoms).Where(n => n.AnyDepth is null).Distinct().OrderBy(Number)];
        if (atoms.Length == 0)
        {
            return all.MinBy(n => n.AnyDepth)!;
        }

        if (atoms.Length == 1)
        {
            return atoms[0];
        }

        string key = string.Join(',', atoms.Select(Number));
        if (!_known.TryGetValue(key, out SchemaNode? node))
        {
            if (_known.Count == MaxNodes)
            {
                throw atoms[0].Origin.Wrong("allOf", $"more than {MaxNodes} combinations of schemas", "fewer alternatives that must hold together");
            }

            node = new SchemaNode(atoms[0].Origin, self => Resolve(self, atoms)) { Atoms = atoms };
            _known.Add(key, node);
        }

        return node;
    }

    private int Number(SchemaNode node)
    {
        if (!_numbers.TryGetValue(node, out int number))
        {
            _numbers.Add(node, number = _numbers.Count);
        }

        return number;
    }

    private List<Shape> Resolve(SchemaNode self, SchemaNode[] atoms)
    {
        List<Shape> shapes = [.. atoms[0].Shapes];
        foreach (SchemaNode atom in atoms.Skip(1))
        {
            shapes = self.Origin.Guard(() => shapes.SelectMany(a => atom.Shapes.Select(b => Meet(a, b))).OfType<Shape>().ToList());
            if (shapes.Count > MaxShapes)
            {
                throw self.Origin.Wrong("allOf", $"more than {MaxShapes} combinations of alternatives", "fewer alternatives that must hold together");
            }
        }

        return shapes;
    }

    private Shape? Meet(Shape a, Shape b) => Both(a, b) is { } both ? both with { IsIncidental = a.IsIncidental || b.IsIncidental } : null;

    // Null where no value fits both.
    private Shape? Both(Shape a, Shape b) => (a, b) switch
    {
        (ConstantShape constant, _) => b.Accepts(constant.Value) ? a : null,
        (_, ConstantShape constant) => a.Accepts(constant.Value) ? b : null,
        (NumberShape x, NumberShape y) => Number(x.Range.And(y.Range)),
        (StringShape x, StringShape y) => new StringShape(
            Math.Max(x.Min, y.Min), Least(x.Max, y.Max), TextAlgebra.Both(x.Pattern, y.Pattern), TextAlgebra.Both(x.Format, y.Format)),
        (ArrayShape x, ArrayShape y) => Both(x, y),
        (ObjectShape x, ObjectShape y) => Both(x, y),
        _ => a.GetType() == b.GetType() ? a : null,
    };

    private static NumberShape? Number(NumberRange range) => range.IsEmpty ? null : new NumberShape(range);

    private ArrayShape Both(ArrayShape a, ArrayShape b) => new(
        [.. Enumerable.Range(0, Math.Max(a.Prefix.Count, b.Prefix.Count)).Select(i => Of([a.ItemAt(i), b.ItemAt(i)]))],
        Of([a.Items, b.Items]), Math.Max(a.Min, b.Min), Least(a.Max, b.Max));

    private ObjectShape Both(ObjectShape a, ObjectShape b) => new(
        [.. a.Properties.Concat(b.Properties).Select(p => p.Name).Distinct(StringComparer.Ordinal).Select(name => (name, Of([a.ValueOf(name), b.ValueOf(name)])))],
        a.Required.Union(b.Required).ToHashSet(StringComparer.Ordinal),
        Of([a.Others, b.Others]), a.WritesOthers && b.WritesOthers, Math.Max(a.Min, b.Min), Least(a.Max, b.Max));

    private static int? Least(int? a, int? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);
}
