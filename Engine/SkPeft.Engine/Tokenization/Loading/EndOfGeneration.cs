using SkPeft.Engine.Tokenization.Bpe;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Tokens by whose conventional names a model ends its answer.</summary>
internal static class EndOfGeneration
{
    private static readonly string[] s_endsOfText = ["<|endoftext|>", "<|end_of_text|>", "</s>", "<eos>", "<｜end▁of▁sentence｜>", "<|im_end|>"];

    private static readonly string[] s_endsOfTurn =
        ["<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<end_of_turn>", "<|end_of_turn|>", "<|endofturn|>", "<EOT>", "<|EOT|>", "<end_of_utterance>"];

    /// <summary>The named ids, and every special token with such a name.</summary>
    public static IReadOnlySet<int> Of(Vocabulary vocabulary, IReadOnlySet<int> special, IEnumerable<int> named) =>
        new SortedSet<int>(named.Concat(s_endsOfText.Concat(s_endsOfTurn).Select(vocabulary.IdOf).OfType<int>().Where(special.Contains)));

    /// <summary>The end of a text where no file names it.</summary>
    public static int? Guess(Vocabulary vocabulary, IReadOnlySet<int> special) =>
        s_endsOfText.Select(vocabulary.IdOf).FirstOrDefault(id => id is { } known && special.Contains(known));
}
