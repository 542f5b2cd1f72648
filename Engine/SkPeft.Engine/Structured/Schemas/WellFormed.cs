using System.Text.Json;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>Finds texts that JSON can spell and Unicode does not know: an escaped half of a surrogate pair.</summary>
internal static class WellFormed
{
    /// <exception cref="SchemaException">There is one.</exception>
    public static void Check(JsonElement element, SchemaOrigin origin)
    {
        try
        {
            Visit(element);
        }
        catch (InvalidOperationException)
        {
            throw origin.Wrong("schema", "a text with half a surrogate pair", "Unicode texts");
        }
    }

    private static void Visit(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Visit(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    _ = property.Name;
                    Visit(property.Value);
                }

                break;
        }
    }
}
