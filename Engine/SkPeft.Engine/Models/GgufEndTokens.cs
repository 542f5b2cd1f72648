using SkPeft.Engine.Tokenization;

namespace SkPeft.Engine.Models;

/// <summary>The keys under which a GGUF file names tokens that end an answer: each holds one.</summary>
internal static class GgufEndTokens
{
    /// <summary>End of text, end of turn, end of message: generation ends with each of them.</summary>
    public static IReadOnlyList<string> Keys { get; } =
        ["tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id"];

    /// <summary>Gives each id a key; the first one is the end of text.</summary>
    /// <exception cref="InvalidOptionException">More ids than keys.</exception>
    public static IEnumerable<(string Key, int Id)> Assign(IReadOnlyList<int> ids) => ids.Count <= Keys.Count
        ? Keys.Zip(ids)
        : throw new InvalidOptionException("eos_token_id", $"{ids.Count} ids that end an answer ({string.Join(", ", ids)})",
            $"at most {Keys.Count}, as many as a GGUF file can name");

    /// <summary>Gives a vocabulary the ids that end an answer.</summary>
    /// <inheritdoc cref="Assign"/>
    public static GgufVocabulary AddTo(GgufVocabulary vocabulary, IReadOnlyList<int> ids)
    {
        int[] named = [.. Assign(ids).Select(end => end.Id)];
        return vocabulary with { Eos = At(0), Eot = At(1), Eom = At(2) };

        long? At(int i) => i < named.Length ? named[i] : null;
    }
}
