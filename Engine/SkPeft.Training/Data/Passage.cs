namespace SkPeft.Training.Data;

/// <summary>A prompt and what follows it, in tokens, and which of them carry loss.</summary>
/// <param name="Ids">All tokens.</param>
/// <param name="PromptLength">How many of the first tokens are the instruction.</param>
/// <param name="LossFrom">The first token that may carry loss, 1 … n.</param>
internal sealed record Passage(int[] Ids, int PromptLength, int LossFrom)
{
    /// <summary>Which of the tokens from <see cref="LossFrom"/> on carry loss; null: all of them.</summary>
    public bool[]? Mask { get; init; }

    /// <summary>Tokens from <see cref="LossFrom"/> on: as many losses are computed.</summary>
    public int Losses => Ids.Length - LossFrom;

    /// <summary>Tokens that carry loss.</summary>
    public int Counted => Mask?.Count(m => m) ?? Losses;

    /// <summary>A prompt and its completion; the loss is on the completion, or on all tokens that something stands in front of.</summary>
    public static Passage Of(IReadOnlyList<int> prompt, IReadOnlyList<int> completion, bool onAll) =>
        new([.. prompt, .. completion], prompt.Count, onAll ? 1 : Math.Max(1, prompt.Count));
}
