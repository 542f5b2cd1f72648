using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace SkPeft.Connectors.Tools;

/// <summary>The schema of a tool's arguments.</summary>
internal static class ToolSchema
{
    // Semantic Kernel writes the function's description into its schema under this name, which is no keyword of JSON Schema.
    private const string Misnamed = "condition";

    /// <summary>As the tool gives it, without what is no schema. The description is the declaration's own.</summary>
    public static JsonElement Of(AIFunctionDeclaration tool)
    {
        JsonElement schema = tool.JsonSchema;
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty(Misnamed, out JsonElement text) || text.ValueKind != JsonValueKind.String)
        {
            return schema;
        }

        JsonObject without = JsonObject.Create(schema)!;
        without.Remove(Misnamed);
        return JsonSerializer.SerializeToElement(without);
    }
}
