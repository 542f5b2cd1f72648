using Microsoft.Extensions.AI;
using SkPeft.Engine.Structured;

namespace SkPeft.Connectors.Requests;

/// <summary>The form of an answer that <c>ResponseFormat</c> asks for.</summary>
internal static class FormatReader
{
    /// <returns>Null where the answer is plain text.</returns>
    public static OutputPart? Read(ChatResponseFormat? format) => format switch
    {
        null or ChatResponseFormatText => null,
        ChatResponseFormatJson { Schema: { } schema } json => new JsonPart(schema, string.IsNullOrWhiteSpace(json.SchemaName) ? nameof(ChatOptions.ResponseFormat) : json.SchemaName),
        ChatResponseFormatJson => new JsonObjectPart(),
        _ => throw new InvalidOptionException(nameof(ChatOptions.ResponseFormat), format.GetType().Name, "text or JSON"),
    };
}
