using System.Text.Json;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>An array or object that is a constant, as the shape of which it is the only value: so it is written with the same white space.</summary>
internal static class ConstantShapes
{
    public static Shape Open(ConstantShape constant, SchemaOrigin origin)
    {
        SchemaNode nothing = new(origin, _ => []);
        if (constant.Value.ValueKind == JsonValueKind.Array)
        {
            SchemaNode[] items = [.. constant.Value.EnumerateArray().Select(v => NodeOf(v, origin))];
            return new ArrayShape(items, nothing, items.Length, items.Length);
        }

        (string Name, SchemaNode)[] properties = [.. constant.Value.EnumerateObject().DistinctBy(p => p.Name).Select(p => (p.Name, NodeOf(p.Value, origin)))];
        return new ObjectShape(properties, properties.Select(p => p.Name).ToHashSet(StringComparer.Ordinal), nothing, false, 0, null);
    }

    private static SchemaNode NodeOf(JsonElement value, SchemaOrigin origin) => new(origin, _ => [new ConstantShape(value)]);
}
