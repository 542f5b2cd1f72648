using System.Text.Json;
using Microsoft.Extensions.AI;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Chat;

/// <summary>Reads <c>tools</c>, <c>tool_choice</c> and <c>parallel_tool_calls</c>; whether they can be honoured is the connector's to say.</summary>
internal static class ToolParameters
{
    public static void Apply(ObjectReader body, ChatOptions options)
    {
        IReadOnlyList<(JsonElement Value, string Path)> tools = body.List("tools") ?? [];
        options.Tools = tools.Count == 0 ? null : [.. tools.Select(item => (AITool)Declaration(new ObjectReader(item.Value, item.Path)))];
        options.ToolMode = Mode(body);
        options.AllowMultipleToolCalls = body.Flag("parallel_tool_calls");
        if (options.Tools is null && options.ToolMode is RequiredChatToolMode)
        {
            throw body.Wrong("tool_choice", body.Any("tool_choice")!.Value, "none or nothing where there are no tools");
        }
    }

    private static DeclaredFunction Declaration(ObjectReader reader)
    {
        MessageReader.RequireFunction(reader);
        ObjectReader function = reader.Object("function") ?? throw reader.Missing("function", "name, description and parameters");
        reader.RefuseOthers();
        string name = function.RequiredText("name");
        string description = function.Text("description") ?? "";
        JsonElement? schema = function.Any("parameters");
        if (schema is { ValueKind: not JsonValueKind.Object } other)
        {
            throw function.Wrong("parameters", other, "a JSON schema, which is an object");
        }

        bool? strict = function.Flag("strict");
        function.RefuseOthers();
        return new DeclaredFunction(name, description, schema?.Clone(), strict);
    }

    private static ChatToolMode? Mode(ObjectReader body)
    {
        if (body.Any("tool_choice") is not { } choice)
        {
            return null;
        }

        const string expected = "none, auto, required, or { \"type\": \"function\", \"function\": { \"name\": … } }";
        if (choice.ValueKind == JsonValueKind.String)
        {
            return choice.GetString() switch
            {
                "none" => ChatToolMode.None,
                "auto" => ChatToolMode.Auto,
                "required" => ChatToolMode.RequireAny,
                _ => throw body.Wrong("tool_choice", choice, expected),
            };
        }

        if (choice.ValueKind != JsonValueKind.Object)
        {
            throw body.Wrong("tool_choice", choice, expected);
        }

        ObjectReader named = body.Object("tool_choice")!;
        MessageReader.RequireFunction(named);
        ObjectReader function = named.Object("function") ?? throw named.Missing("function", "the function's name");
        string name = function.RequiredText("name");
        function.RefuseOthers();
        named.RefuseOthers();
        return ChatToolMode.RequireSpecific(name);
    }
}
