using System.Text.Json.Nodes;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Connectors.Prompts;

/// <summary>
/// The instruction of a chat: everything through its first generation prompt. It is what the first turn's prompt was, so a generator of
/// soft tokens (IAPT) gives a later turn the same ones.
/// </summary>
/// <remarks>
/// Found by rendering the messages before the first answer. Where that is not how the conversation begins (a template that rewrites earlier
/// turns), the whole prompt is the instruction, and the receipt says so.
/// </remarks>
internal sealed class InstructionSpan(ITokenizer tokenizer, IPromptRenderer renderer)
{
    public int? Count(IReadOnlyList<JsonObject> messages, IReadOnlyList<JsonObject> tools, string text, IReadOnlyList<int> ids, out string? warning)
    {
        warning = null;
        IReadOnlyList<JsonObject> opening = [.. messages.TakeWhile(m => (string?)m["role"] != "assistant")];
        if (opening.Count == 0 || opening.Count == messages.Count)
        {
            return null;
        }

        RenderedChat first = renderer.Render(opening, tools, addGenerationPrompt: true);
        if (text.StartsWith(first.Text, StringComparison.Ordinal))
        {
            IReadOnlyList<int> start = tokenizer.Encode(first.Text, first.Untrusted);
            if (start.Count > 0 && start.Count <= ids.Count && start.SequenceEqual(ids.Take(start.Count)))
            {
                return start.Count;
            }
        }

        warning = "The chat template does not begin a later turn with the first one's prompt: the whole prompt counts as the instruction.";
        return null;
    }
}
