using SkPeft.Engine.Tokenization.Loading;
using SkPeft.Engine.Tokenization.PreTokenization;

namespace SkPeft.Engine.Tokenization.Saving;

/// <summary>
/// Finds the one word with which a GGUF file says how a byte-level tokenizer prepares text (<c>tokenizer.ggml.pre</c>), from the page
/// that tokenizer.json spends on it. What has no such word is refused: another word would give other ids.
/// </summary>
internal static class GgufPreparation
{
    private const string Supported =
        "the preparation of GPT-2, SmolLM (single digits first), Llama 3 (with ignore_merges) or Qwen 2 (with NFC), then ByteLevel without a prefix space";

    /// <exception cref="UnsupportedModelException">A preparation that no word describes.</exception>
    public static string NameOf(JsonPart root, bool ignoresMerges)
    {
        JsonPart stage = root.Need("pre_tokenizer", Supported);
        string name = string.Join(" ", Cuts(stage)) switch
        {
            "gpt2 bytes" => "gpt-2",
            "digit gpt2 bytes" => "smollm",
            "llama3 bytes" => "llama-bpe",
            "qwen2 bytes" => "qwen2",
            _ => throw stage.Unsupported(Supported),
        };
        if (ignoresMerges != (name == "llama-bpe"))
        {
            (string found, string meant) = ignoresMerges ? ("true", "false") : ("false", "true");
            throw new UnsupportedModelException(root.File, "model.ignore_merges", found, $"{meant}, which '{name}' means");
        }

        RequireNormalizer(root, name);
        return name;
    }

    private static IEnumerable<string> Cuts(JsonPart stage) => stage.Need("type", Supported).AsString() switch
    {
        "Sequence" => stage.Need("pretokenizers", "a list of pre-tokenizers").Items().SelectMany(Cuts),
        "Digits" when stage["individual_digits"]?.AsBool() is true => ["digit"],
        "ByteLevel" when !stage.Need("add_prefix_space", "true or false").AsBool() => stage["use_regex"]?.AsBool() ?? true ? ["gpt2", "bytes"] : ["bytes"],
        "Split" when stage["behavior"]?.AsString() == "Isolated" && stage["invert"]?.AsBool() is not true =>
            [NameOf(PatternReader.Read(stage.Need("pattern", "a pattern")))],
        _ => throw stage.Unsupported(Supported),
    };

    private static string NameOf(IPieceFinder finder) => finder == WordScanner.Gpt2 ? "gpt2"
        : finder == WordScanner.Llama3 ? "llama3"
        : finder == WordScanner.Qwen2 ? "qwen2"
        : "other";

    // Qwen 2's word means composed characters, the others leave text as it is.
    private static void RequireNormalizer(JsonPart root, string name)
    {
        JsonPart? normalizer = root["normalizer"];
        string? type = normalizer?.Need("type", "NFC").AsString();
        if (type != (name == "qwen2" ? "NFC" : null))
        {
            throw normalizer?.Unsupported(Supported) ?? new UnsupportedModelException(root.File, "normalizer", "none", "NFC, which 'qwen2' means");
        }
    }
}
