using System.Text.Json;
using SkPeft.Engine.Structured.Automata;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>The shapes of a schema's own types: what <c>type</c> and the keywords of each type say.</summary>
/// <param name="read">Reads a schema within this one.</param>
/// <param name="any">The schema of any value.</param>
internal sealed class TypeReader(Func<JsonElement, SchemaOrigin, SchemaNode> read, SchemaNode any)
{
    private static readonly string[] s_ofNumbers = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
    private static readonly string[] s_ofStrings = ["minLength", "maxLength", "pattern"];
    private static readonly string[] s_ofArrays = ["items", "prefixItems", "minItems", "maxItems"];
    private static readonly string[] s_ofObjects = ["properties", "required", "additionalProperties", "minProperties", "maxProperties"];
    private static readonly string[] s_types = ["null", "boolean", "integer", "number", "string", "array", "object"];

    /// <summary>Whether a schema speaks of types at all.</summary>
    public static bool Speaks(KeywordReader schema) =>
        schema.HasAny("type", "format") || schema.HasAny(s_ofNumbers) || schema.HasAny(s_ofStrings) || schema.HasAny(s_ofArrays) || schema.HasAny(s_ofObjects);

    public IReadOnlyList<Shape> Read(JsonElement element, SchemaOrigin origin)
    {
        KeywordReader schema = new(element, origin);
        IReadOnlyList<string>? named = schema.Texts("type");
        if (named?.FirstOrDefault(t => !s_types.Contains(t)) is { } unknown)
        {
            throw origin.Wrong("type", $"'{unknown}'", string.Join(", ", s_types));
        }

        string[] types = [.. (named ?? s_types).Where(t => t != "integer" || (named is not null && !named.Contains("number"))).Distinct()];
        Format format = Format.Read(schema, origin);

        // Without a type the keywords of one allow all others: allowed, but not what was meant.
        return [.. types.Select(type => Read(type, schema, origin, format) with { IsIncidental = named is null && !SpeaksOf(type, schema, format) })];
    }

    private static bool SpeaksOf(string type, KeywordReader schema, Format format) => type switch
    {
        "number" => schema.HasAny(s_ofNumbers) || format.Numbers != NumberRange.All,
        "string" => schema.HasAny(s_ofStrings) || format.Texts != TextAutomaton.AnyText,
        "array" => schema.HasAny(s_ofArrays),
        "object" => schema.HasAny(s_ofObjects),
        _ => false,
    };

    private Shape Read(string type, KeywordReader schema, SchemaOrigin origin, Format format) => type switch
    {
        "null" => new NullShape(),
        "boolean" => new BooleanShape(),
        "integer" => new NumberShape(ReadRange(schema, isInteger: true).And(format.Numbers)),
        "number" => new NumberShape(ReadRange(schema, isInteger: false).And(format.Numbers)),
        "string" => new StringShape(schema.Count("minLength") ?? 0, schema.Count("maxLength"), schema.Pattern(), format.Texts),
        "array" => ReadArray(schema, origin),
        _ => ReadObject(schema, origin),
    };

    private static NumberRange ReadRange(KeywordReader schema, bool isInteger)
    {
        NumberRange range = isInteger ? NumberRange.Integers : NumberRange.All;
        return range
            .And(range with { Low = schema.Bound("minimum", isInteger), High = schema.Bound("maximum", isInteger) })
            .And(range with { Low = schema.Bound("exclusiveMinimum", isInteger), IsLowOpen = true, High = schema.Bound("exclusiveMaximum", isInteger), IsHighOpen = true });
    }

    private ArrayShape ReadArray(KeywordReader schema, SchemaOrigin origin)
    {
        SchemaNode[] prefix = schema.Get("prefixItems") is { } list ? [.. list.EnumerateArray().Select((item, i) => read(item, origin.At("prefixItems", i)))] : [];
        SchemaNode items = schema.Get("items") is { } rest ? read(rest, origin.At("items")) : any;
        return new ArrayShape(prefix, items, schema.Count("minItems") ?? 0, schema.Count("maxItems"));
    }

    private ObjectShape ReadObject(KeywordReader schema, SchemaOrigin origin)
    {
        SchemaNode others = schema.Get("additionalProperties") is { } rest ? read(rest, origin.At("additionalProperties")) : any;
        List<(string Name, SchemaNode Value)> properties = schema.Get("properties") is { } given
            ? [.. given.EnumerateObject().Select(p => (p.Name, read(p.Value, origin.At("properties").At(p.Name))))]
            : [];
        HashSet<string> required = [.. ReadRequired(schema, origin)];
        properties.AddRange(required.Where(name => !properties.Exists(p => p.Name == name)).Select(name => (name, others)));
        bool writesOthers = schema.Has("additionalProperties") || properties.Count == 0;
        return new ObjectShape(properties, required, others, writesOthers, schema.Count("minProperties") ?? 0, schema.Count("maxProperties"));
    }

    private static IReadOnlyList<string> ReadRequired(KeywordReader schema, SchemaOrigin origin) =>
        schema.Get("required") is { ValueKind: not JsonValueKind.Array } wrong
            ? throw origin.Wrong("required", $"{wrong.ValueKind}", "a list of names")
            : schema.Texts("required") ?? [];
}
