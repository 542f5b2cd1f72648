namespace SkPeft.Tensors.Training;

/// <summary>Real words as starts: their token ids, as many as there are soft tokens.</summary>
public static class StartWords
{
    /// <summary>Ids repeated or cut to a number.</summary>
    /// <param name="ids">At least one.</param>
    /// <param name="count">How many are needed.</param>
    public static int[] Fit(IReadOnlyList<int> ids, int count) => [.. Enumerable.Range(0, count).Select(i => ids[i % ids.Count])];

    /// <summary>The tokens of a text, repeated or cut to a number.</summary>
    /// <param name="request">The run.</param>
    /// <param name="text">The text.</param>
    /// <param name="count">How many are needed.</param>
    /// <param name="withOpening">Whether the token comes first that the tokenizer opens a text with.</param>
    /// <exception cref="InvalidOptionException">The text has no tokens.</exception>
    /// <exception cref="InvalidOptionException">The model has no tokenizer.</exception>
    public static int[] Of(TrainingRequest request, string text, int count, bool withOpening = false)
    {
        ArgumentNullException.ThrowIfNull(request);
        IReadOnlyList<int> words = request.Probe.Tokenize(text);
        int[] ids = withOpening && request.Probe.OpeningId is { } opening ? [opening, .. words] : [.. words];
        return ids.Length > 0 ? Fit(ids, count) : throw new InvalidOptionException("start.text", $"a text without tokens ('{text}')", "a text of at least one token");
    }

    /// <summary>Tokens drawn from the first entries of the vocabulary, each as probable as the others.</summary>
    /// <param name="request">The run.</param>
    /// <param name="count">How many are needed.</param>
    /// <param name="from">How many entries to draw from; 0: all. Vocabularies have the frequent tokens first.</param>
    public static int[] Sample(TrainingRequest request, int count, int from = 0)
    {
        ArgumentNullException.ThrowIfNull(request);
        int all = request.Model.Shape.Sizes.VocabularySize;
        return [.. Enumerable.Range(0, count).Select(_ => request.Random.Next(from == 0 ? all : Math.Min(from, all)))];
    }
}
