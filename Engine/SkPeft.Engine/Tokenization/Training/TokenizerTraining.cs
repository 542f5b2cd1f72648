using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkPeft.Engine.Tokenization.Loading;
using SkPeft.Engine.Tokenization.PreTokenization;
using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.Training;

/// <summary>Makes a byte-level BPE tokenizer from texts: digits one by one, words as GPT-2 cuts them, no text that cannot be encoded.</summary>
public static class TokenizerTraining
{
    private const string PreTokenization =
        """{ "type": "Sequence", "pretokenizers": [{ "type": "Digits", "individual_digits": true }, { "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true }] }""";

    /// <summary>The special tokens, with ids from 0: the end of a text, the beginning and the end of a turn.</summary>
    public static IReadOnlyList<string> SpecialTokens { get; } = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];

    /// <summary>Learns a vocabulary.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="size">Entries of the vocabulary, special tokens and the 256 bytes included.</param>
    /// <returns>A <c>tokenizer.json</c>.</returns>
    /// <exception cref="InvalidOptionException">The size leaves no room for a merge.</exception>
    public static JsonObject Learn(IEnumerable<string> texts, int size)
    {
        ArgumentNullException.ThrowIfNull(texts);
        int reserved = SpecialTokens.Count + 256;
        if (size <= reserved)
        {
            throw new InvalidOptionException("size", $"{size}", $"more than {reserved}: special tokens and single bytes take so many entries");
        }

        string[] alphabet = [.. ByteAlphabet.Characters.ToArray().Order().Select(c => c.ToString())];
        BpeTrainer trainer = new(alphabet, Words(texts));
        IReadOnlyList<(string Left, string Right)> merges = trainer.Learn(size - SpecialTokens.Count);
        JsonObject vocabulary = [];
        foreach (string entry in SpecialTokens.Concat(trainer.Symbols))
        {
            vocabulary.Add(entry, vocabulary.Count);
        }

        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray([.. SpecialTokens.Select((t, i) => Added(t, i))]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = JsonNode.Parse(PreTokenization),
            ["post_processor"] = null,
            ["decoder"] = JsonNode.Parse("""{ "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true }"""),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["ignore_merges"] = false,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray([.. merges.Select(m => (JsonNode)new JsonArray(m.Left, m.Right))]),
            },
        };
    }

    private static Dictionary<string, long> Words(IEnumerable<string> texts)
    {
        using JsonDocument stages = JsonDocument.Parse(PreTokenization);
        PreTokenizer cut = PreTokenizerReader.Read(new JsonPart("tokenizer", "pre_tokenizer", stages.RootElement));
        Dictionary<string, long> words = new(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            Pieces pieces = new(text.ToCharArray(), 0, text.Length, startsText: true);
            cut.Apply(pieces);
            foreach ((int Start, int Length) range in pieces.Ranges)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(words, pieces[range].ToString(), out _)++;
            }
        }

        return words;
    }

    private static JsonNode Added(string content, int id) => new JsonObject
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };
}
