using System.Text.Json.Nodes;

namespace SkPeft.Connectors.Prompts;

/// <summary>Writes a conversation as the text that the model was trained on.</summary>
internal interface IPromptRenderer
{
    /// <param name="messages">Messages as Hugging Face's templates know them: role, content, tool_calls, tool_call_id, name.</param>
    /// <param name="tools">Tools as JSON schemas of functions.</param>
    /// <param name="addGenerationPrompt">Whether the text ends where the model's answer begins.</param>
    RenderedChat Render(IReadOnlyList<JsonObject> messages, IReadOnlyList<JsonObject> tools, bool addGenerationPrompt);
}

/// <summary>A conversation as text.</summary>
/// <param name="Text">The text.</param>
/// <param name="Untrusted">Spans that came out of messages: special tokens do not count in them.</param>
internal sealed record RenderedChat(string Text, IReadOnlyList<(int Start, int Length)> Untrusted);
