using System.Runtime.CompilerServices;
using System.Text.Json;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>Makes nodes of a schema document.</summary>
internal sealed class SchemaReader
{
    /// <summary>How deep a value nests that may be anything: readers refuse what is much deeper (.NET's from 64 on).</summary>
    public const int AnyDepth = 24;

    private readonly JsonElement _document;
    private readonly SchemaOrigin _root;
    private readonly SchemaMeet _meet = new();
    private readonly Dictionary<string, SchemaNode> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _following = new(StringComparer.Ordinal);
    private readonly List<Overlap> _overlaps = [];
    private readonly SchemaNode[] _any;
    private readonly TypeReader _types;

    /// <param name="document">The schema.</param>
    /// <param name="name">Whose it is.</param>
    /// <exception cref="SchemaException">It uses a keyword that is not supported.</exception>
    public SchemaReader(JsonElement document, string name)
    {
        _document = document;
        _root = new SchemaOrigin(name, "#");
        WellFormed.Check(document, _root);
        Keywords.Check(document, _root);
        _any = new SchemaNode[AnyDepth + 1];
        for (int depth = 0; depth <= AnyDepth; depth++)
        {
            SchemaNode? below = depth == 0 ? null : _any[depth - 1];
            _any[depth] = new SchemaNode(_root, _ => AnyShapes(below)) { AnyDepth = depth };
        }

        _types = new TypeReader(Read, _any[AnyDepth]);
        Root = Read(document, _root);
    }

    public SchemaNode Root { get; }

    /// <summary>Sees to it that of the alternatives of each <c>oneOf</c> met so far no two hold for one value.</summary>
    /// <exception cref="SchemaException">Two may.</exception>
    public void CheckOverlaps()
    {
        Emptiness emptiness = new(withFormats: false);
        for (int i = 0; i < _overlaps.Count; i++)
        {
            (SchemaOrigin origin, int first, int second, SchemaNode both) = _overlaps[i];
            if (!emptiness.IsEmpty(both))
            {
                throw origin.Wrong("oneOf", $"alternatives {first} and {second}, which one value may satisfy both,", "alternatives that exclude each other (by type, or by a required property with another const), or anyOf");
            }
        }
    }

    private static IReadOnlyList<Shape> AnyShapes(SchemaNode? below)
    {
        Shape[] plain = [new NullShape(), new BooleanShape(), new NumberShape(NumberRange.All), StringShape.Any];
        return below is null ? plain
            : [.. plain, new ArrayShape([], below, 0, null), new ObjectShape([], new HashSet<string>(), below, true, 0, null)];
    }

    private SchemaNode Read(JsonElement schema, SchemaOrigin origin)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (_nodes.TryGetValue(origin.Pointer, out SchemaNode? known))
        {
            return known;
        }

        if (schema.ValueKind == JsonValueKind.True)
        {
            return _any[AnyDepth];
        }

        SchemaNode node = schema.ValueKind == JsonValueKind.False
            ? new SchemaNode(origin, _ => [])
            : FollowOnly(schema, origin) ?? new SchemaNode(origin, _ => Parts(schema, origin));
        _nodes[origin.Pointer] = node;
        return node;
    }

    // A schema that only refers to another is that other: so recursion leads back to the same node.
    private SchemaNode? FollowOnly(JsonElement schema, SchemaOrigin origin)
    {
        KeywordReader keywords = new(schema, origin);
        if (keywords.Text("$ref") is not { } reference || keywords.HasAny("allOf", "anyOf", "oneOf", "enum", "const") || TypeReader.Speaks(keywords))
        {
            return null;
        }

        if (!_following.Add(origin.Pointer))
        {
            throw origin.Wrong("$ref", $"'{reference}', which leads back to itself,", "a reference to a schema");
        }

        SchemaNode target = Follow(reference, origin);
        _following.Remove(origin.Pointer);
        return target;
    }

    private IReadOnlyList<Shape> Parts(JsonElement schema, SchemaOrigin origin)
    {
        KeywordReader keywords = new(schema, origin);
        List<SchemaNode> parts = [];
        if (TypeReader.Speaks(keywords))
        {
            parts.Add(new SchemaNode(origin, _ => _types.Read(schema, origin)));
        }

        if (keywords.Get("const") is { } constant)
        {
            parts.Add(new SchemaNode(origin, _ => [new ConstantShape(constant)]));
        }

        if (keywords.Get("enum") is { } values)
        {
            parts.Add(values.ValueKind == JsonValueKind.Array
                ? new SchemaNode(origin, _ => [.. values.EnumerateArray().Select(v => new ConstantShape(v))])
                : throw origin.Wrong("enum", $"{values.ValueKind}", "a list of values"));
        }

        if (keywords.Text("$ref") is { } reference)
        {
            parts.Add(Follow(reference, origin));
        }

        parts.AddRange(List(keywords, "allOf", origin));
        if (keywords.Has("anyOf"))
        {
            parts.Add(Union(List(keywords, "anyOf", origin), origin));
        }

        if (keywords.Has("oneOf"))
        {
            IReadOnlyList<SchemaNode> options = List(keywords, "oneOf", origin);
            Remember(options, parts, origin);
            parts.Add(Union(options, origin));
        }

        return parts.Count == 0 ? _any[AnyDepth].Shapes : _meet.Of(parts).Shapes;
    }

    private IReadOnlyList<SchemaNode> List(KeywordReader keywords, string keyword, SchemaOrigin origin) =>
        keywords.Get(keyword) is { } list ? [.. list.EnumerateArray().Select((item, i) => Read(item, origin.At(keyword, i)))] : [];

    private static SchemaNode Union(IReadOnlyList<SchemaNode> options, SchemaOrigin origin) =>
        new(origin, _ => [.. options.SelectMany(o => o.Shapes)]);

    private void Remember(IReadOnlyList<SchemaNode> options, IReadOnlyList<SchemaNode> beside, SchemaOrigin origin)
    {
        for (int second = 1; second < options.Count; second++)
        {
            for (int first = 0; first < second; first++)
            {
                _overlaps.Add(new Overlap(origin, first, second, _meet.Of([.. beside, options[first], options[second]])));
            }
        }
    }

    private SchemaNode Follow(string reference, SchemaOrigin origin)
    {
        if (reference != "#" && !reference.StartsWith("#/", StringComparison.Ordinal))
        {
            throw origin.Wrong("$ref", $"'{reference}'", "'#' or a JSON pointer '#/…' into the same schema");
        }

        JsonElement target = _document;
        SchemaOrigin at = _root;
        foreach (string part in reference.Split('/').Skip(1).Select(p => Uri.UnescapeDataString(p).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            bool found = target.ValueKind == JsonValueKind.Object ? target.TryGetProperty(part, out target)
                : target.ValueKind == JsonValueKind.Array && int.TryParse(part, out int index) && index >= 0 && index < target.GetArrayLength() && Item(ref target, index);
            if (!found)
            {
                throw origin.Wrong("$ref", $"'{reference}'", $"a pointer to a schema of the document: there is no '{part}' at {at.Pointer}");
            }

            at = at.At(part);
        }

        // A pointer may lead to where no schema was looked for.
        Keywords.Check(target, at, depth: 1);
        return Read(target, at);
    }

    private static bool Item(ref JsonElement list, int index)
    {
        list = list[index];
        return true;
    }

    private sealed record Overlap(SchemaOrigin Origin, int First, int Second, SchemaNode Both);
}
