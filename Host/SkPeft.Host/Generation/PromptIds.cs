using SkPeft.Engine.Prompting;
using SkPeft.Engine.Tokenization;
using SkPeft.Host.Models;

namespace SkPeft.Host.Generation;

/// <summary>A prompt in tokens.</summary>
/// <param name="Ids">The tokens.</param>
/// <param name="InstructionTokens">How many of them are the instruction; null: all.</param>
internal sealed record PromptIds(IReadOnlyList<int> Ids, int? InstructionTokens)
{
    /// <summary>What the receipt must mention.</summary>
    public string? Warning { get; init; }

    public static PromptIds Of(GenerateRequest request, ModelSession session) =>
        request.Ids is { } ids ? new PromptIds(ids, null)
        : request.Prompt is { } text ? new PromptIds(OfText(text, session), null)
        : ChatPrompt.Of(request.Messages!, session);

    /// <summary>Raw text: whoever writes a prompt by hand may write special tokens; BOS comes first where the tokenizer says so, and not twice.</summary>
    private static IReadOnlyList<int> OfText(string text, ModelSession session)
    {
        ITokenizer tokenizer = session.Tokenizer;
        IReadOnlyList<int> ids = SlottedPrompt.Encode(tokenizer, [new TextSegment(text, Trusted: true)], session.Adapter?.Slots);
        return tokenizer is { AddBosByDefault: true, BosId: { } bos } && (ids.Count == 0 || ids[0] != bos) ? [bos, .. ids] : ids;
    }
}
