using System.Text.Json;
using SkPeft.Engine.Structured.Automata;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>Values of one type: what a schema comes down to is a list of these, of which a value needs to fit one.</summary>
internal abstract record Shape
{
    /// <summary>True for a type that a schema allows only because it does not speak of it: never written where another is.</summary>
    public bool IsIncidental { get; init; }

    /// <summary>Whether a value fits.</summary>
    public abstract bool Accepts(JsonElement value);
}

internal sealed record NullShape : Shape
{
    public override bool Accepts(JsonElement value) => value.ValueKind == JsonValueKind.Null;
}

internal sealed record BooleanShape : Shape
{
    public override bool Accepts(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False;
}

/// <summary>One value (<c>enum</c>, <c>const</c>).</summary>
internal sealed record ConstantShape(JsonElement Value) : Shape
{
    public override bool Accepts(JsonElement value) => JsonElement.DeepEquals(Value, value);
}

internal sealed record NumberShape(NumberRange Range) : Shape
{
    public override bool Accepts(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && (Range == NumberRange.All || (value.TryGetDecimal(out decimal number) && Range.Contains(number)));
}

/// <param name="Min">Least length, in Unicode characters.</param>
/// <param name="Max">Greatest length, or null.</param>
/// <param name="Pattern">What its patterns accept together.</param>
/// <param name="Format">What its formats accept together.</param>
internal sealed record StringShape(int Min, int? Max, TextAutomaton Pattern, TextAutomaton Format) : Shape
{
    public static StringShape Any { get; } = new(0, null, TextAutomaton.AnyText, TextAutomaton.AnyText);

    public override bool Accepts(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        string text = value.GetString()!;
        int length = text.EnumerateRunes().Count();
        return length >= Min && !(length > Max) && Pattern.Accepts(text) && Format.Accepts(text);
    }
}

/// <param name="Prefix">The first items.</param>
/// <param name="Items">All others.</param>
/// <param name="Min">Least number of items.</param>
/// <param name="Max">Greatest, or null.</param>
internal sealed record ArrayShape(IReadOnlyList<SchemaNode> Prefix, SchemaNode Items, int Min, int? Max) : Shape
{
    public SchemaNode ItemAt(int index) => index < Prefix.Count ? Prefix[index] : Items;

    public override bool Accepts(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() >= Min && !(value.GetArrayLength() > Max)
        && value.EnumerateArray().Select((item, i) => ItemAt(i).Accepts(item)).All(fits => fits);
}

/// <param name="Properties">The properties by name, in the order in which they are written.</param>
/// <param name="Required">The names that must be there; each is in <paramref name="Properties"/>.</param>
/// <param name="Others">All other properties.</param>
/// <param name="WritesOthers">Whether others are written: a schema that does not speak of them allows them, but does not ask for them.</param>
/// <param name="Min">Least number of properties.</param>
/// <param name="Max">Greatest, or null.</param>
internal sealed record ObjectShape(
    IReadOnlyList<(string Name, SchemaNode Value)> Properties, IReadOnlySet<string> Required, SchemaNode Others, bool WritesOthers, int Min, int? Max) : Shape
{
    public SchemaNode ValueOf(string name)
    {
        foreach ((string known, SchemaNode value) in Properties)
        {
            if (known == name)
            {
                return value;
            }
        }

        return Others;
    }

    public override bool Accepts(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        JsonProperty[] given = [.. value.EnumerateObject()];
        int count = given.Select(p => p.Name).Distinct().Count();
        return count >= Min && !(count > Max) && Required.All(name => given.Any(p => p.Name == name)) && given.All(p => ValueOf(p.Name).Accepts(p.Value));
    }
}
