using System.Text.Json;
using Microsoft.Extensions.AI;
using SkPeft.Engine.Structured;

namespace SkPeft.Connectors.Tools;

/// <summary>What an answer may look like where its calls are held to their tools: the convention's marks around JSON of each tool's schema.</summary>
/// <param name="convention">How the model writes calls.</param>
internal sealed class ToolGrammar(ToolConvention convention)
{
    /// <param name="choice">The tools.</param>
    /// <param name="format">What the answer must be where it calls nothing; null: any text.</param>
    /// <returns>Null where the answer needs no grammar.</returns>
    public OutputPart? Of(ToolChoice choice, OutputPart? format)
    {
        if (!choice.NeedsGrammar && (choice.Tools.Count == 0 || format is null))
        {
            return format;
        }

        // Who must call has nothing else to say; there every tool's schema holds, as it does behind a format.
        bool isFree = !choice.IsRequired && format is null;
        OutputPart call = new ChoicePart([.. choice.Callable.Select(tool => Call(tool, !isFree || ToolChoice.IsStrict(tool)))]);
        bool isSingle = choice.IsSingle || convention.IsSingle;
        return choice.IsRequired ? Calls(call, isSingle)
            : format is not null ? new ChoicePart([format, Calls(call, isSingle)])
            : Free(call, isSingle);
    }

    private SequencePart Call(AIFunctionDeclaration tool, bool isHeld) => new(
    [
        new LiteralPart($"{{\"name\": {JsonSerializer.Serialize(tool.Name)}, \"{convention.Arguments}\":"),
        isHeld ? new JsonPart(ObjectSchema(tool), $"tool '{tool.Name}'") : new JsonObjectPart(),
        new LiteralPart("}"),
    ]);

    // Arguments are an object, whatever a schema leaves open.
    private static JsonElement ObjectSchema(AIFunctionDeclaration tool) => ToolSchema.Of(tool) is { ValueKind: JsonValueKind.Object } schema && schema.TryGetProperty("type", out _)
        ? schema
        : JsonElement.Parse($$"""{ "type": "object", "allOf": [ { "$ref": "#/$defs/arguments" } ], "$defs": { "arguments": {{ToolSchema.Of(tool).GetRawText()}} } }""");

    // The whole answer: nothing but calls.
    private OutputPart Calls(OutputPart call, bool isSingle) =>
        convention.IsBare ? isSingle ? call : new RepeatPart(call, new LiteralPart("\n"))
        : convention.IsList ? new SequencePart([new LiteralPart(convention.Open!), Body(call, isSingle)])
        : isSingle ? Marked(call)
        : new RepeatPart(Marked(call), new LiteralPart("\n"));

    private SequencePart Marked(OutputPart call) => new([new LiteralPart(convention.Open!), Body(call, isSingle: true)]);

    // What stands behind the first mark.
    private OutputPart Body(OutputPart call, bool isSingle)
    {
        if (!convention.IsList)
        {
            return convention.Close is not { } close ? call
                : convention.Inner.Length == 0 ? new SequencePart([call, new LiteralPart(close)])
                : new SequencePart([new LiteralPart(convention.Inner), call, new LiteralPart(convention.Inner), new LiteralPart(close)]);
        }

        OutputPart items = isSingle ? call : new RepeatPart(call, new LiteralPart(", "));
        return new SequencePart([new ChoicePart([new LiteralPart("["), new LiteralPart(" [")]), items, new LiteralPart("]")]);
    }

    // Text as the model likes, and from a mark on a call that is held.
    private OutputPart Free(OutputPart call, bool isSingle)
    {
        if (convention.IsBare)
        {
            OutputPart bare = isSingle ? call : new RepeatPart(call, new LiteralPart("\n"));
            string[] open = convention.Open is { } mark ? [mark] : [];
            TextPart text = new(open, NotFirst: "{[");
            return open.Length == 0 ? new ChoicePart([text, bare])
                : new ChoicePart([text, bare, new SequencePart([text with { Until = true }, call])]);
        }

        TextPart without = new([convention.Open!]);
        SequencePart one = new([without with { Until = true }, Body(call, isSingle || !convention.IsList)]);
        OutputPart behind = convention.IsList ? one : new SequencePart([isSingle ? one : new RepeatPart(one), without]);
        return new ChoicePart([without, behind]);
    }
}
