using System.Text.Json;
using Microsoft.Extensions.AI;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Chat;

/// <summary>Reads <c>response_format</c>; whether it can be honoured is the connector's to say.</summary>
internal static class ResponseFormatReader
{
    public static ChatResponseFormat? Read(ObjectReader body)
    {
        if (body.Object("response_format") is not { } format)
        {
            return null;
        }

        string type = format.RequiredText("type");
        ChatResponseFormat read = type switch
        {
            "text" => ChatResponseFormat.Text,
            "json_object" => ChatResponseFormat.Json,
            "json_schema" => Schema(format.Object("json_schema") ?? throw format.Missing("json_schema", "name and schema")),
            _ => throw format.Wrong("type", format.Any("type")!.Value, "text, json_object or json_schema"),
        };
        format.RefuseOthers();
        return read;
    }

    // An answer is held to its schema or it is refused: "strict" asks for nothing more, its absence for nothing less.
    private static ChatResponseFormatJson Schema(ObjectReader reader)
    {
        string name = reader.RequiredText("name");
        string? description = reader.Text("description");
        _ = reader.Flag("strict");
        JsonElement schema = reader.Any("schema") ?? throw reader.Missing("schema", "a JSON schema");
        if (schema.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False))
        {
            throw reader.Wrong("schema", schema, "a JSON schema");
        }

        reader.RefuseOthers();
        return ChatResponseFormat.ForJsonSchema(schema.Clone(), name, description);
    }
}
