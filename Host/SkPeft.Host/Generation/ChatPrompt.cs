using System.Text.Json.Nodes;
using SkPeft.Engine.Prompting;
using SkPeft.Engine.Tokenization;
using SkPeft.Host.Inputs;
using SkPeft.Host.Models;

namespace SkPeft.Host.Generation;

/// <summary>A conversation in tokens, by the model's chat template. Special tokens count in the template's own text only.</summary>
internal sealed class ChatPrompt(ChatTemplate template, ITokenizer tokenizer)
{
    public static PromptIds Of(string file, ModelSession session)
    {
        JsonArray messages = ConversationFile.Messages(file);
        ITokenizer tokenizer = session.Tokenizer;
        ChatTemplate template = session.Model.ChatTemplate
            ?? throw new FileAccessException(session.Model.Path, "the model brings no chat template", "Write the prompt yourself with --prompt.");
        return new ChatPrompt(template, tokenizer).Build(messages);
    }

    /// <summary>
    /// The instruction is everything through the first generation prompt: what the prompt of the first turn was. Where the template does
    /// not begin a later turn with it, the whole prompt is the instruction, and a warning says so.
    /// </summary>
    private PromptIds Build(JsonArray messages)
    {
        (string text, IReadOnlyList<int> ids) = Render(messages);
        JsonArray opening = [.. messages.TakeWhile(m => RoleOf(m) != "assistant").Select(m => m?.DeepClone())];
        if (opening.Count == 0 || opening.Count == messages.Count)
        {
            return new PromptIds(ids, null);
        }

        (string first, IReadOnlyList<int> start) = Render(opening);
        return text.StartsWith(first, StringComparison.Ordinal) && start.Count > 0 && start.SequenceEqual(ids.Take(start.Count))
            ? new PromptIds(ids, start.Count)
            : new PromptIds(ids, null) { Warning = "The chat template does not begin a later turn with the first one's prompt: the whole prompt counts as the instruction." };
    }

    private (string Text, IReadOnlyList<int> Ids) Render(JsonArray messages)
    {
        RenderedPrompt prompt = template.Render(new ChatTemplateInput
        {
            Messages = messages,
            BosToken = TemplateFile.TokenOf(tokenizer, tokenizer.BosId),
            EosToken = TemplateFile.TokenOf(tokenizer, tokenizer.EosId),
        });
        return (prompt.Text, tokenizer.Encode(prompt.Text, prompt.UntrustedSpans));
    }

    private static string? RoleOf(JsonNode? message) =>
        message is JsonObject one && one["role"] is JsonValue role && role.GetValueKind() == System.Text.Json.JsonValueKind.String ? role.GetValue<string>() : null;
}
