using SkPeft.Engine.Tokenization.Loading;

namespace SkPeft.Engine.Tokenization.Saving;

/// <summary>How a SentencePiece tokenizer.json treats spaces, where a GGUF file can say the same.</summary>
internal static class SentencePieceSpaces
{
    private const string Supported = "Replace of a space by ▁, after Prepend of ▁ or alone, and no pre_tokenizer";

    /// <summary>True where every run of text gets a ▁ in front.</summary>
    /// <exception cref="UnsupportedModelException">Another treatment.</exception>
    public static bool HasPrefix(JsonPart root)
    {
        if (root["pre_tokenizer"] is { } stage)
        {
            throw stage.Unsupported(Supported);
        }

        JsonPart normalizer = root["normalizer"] ?? throw new UnsupportedModelException(root.File, "normalizer", "none", Supported);
        return string.Join(" ", Steps(normalizer)) switch
        {
            "replace" => false,
            "prepend replace" => true,
            _ => throw normalizer.Unsupported(Supported),
        };
    }

    private static IEnumerable<string> Steps(JsonPart step) => step.Need("type", Supported).AsString() switch
    {
        "Sequence" => step.Need("normalizers", "a list of normalizers").Items().SelectMany(Steps),
        "Prepend" when step["prepend"]?.AsString() == "▁" => ["prepend"],
        "Replace" when step["content"]?.AsString() == "▁" && step["pattern"]?["String"]?.AsString() == " " => ["replace"],
        _ => throw step.Unsupported(Supported),
    };
}
