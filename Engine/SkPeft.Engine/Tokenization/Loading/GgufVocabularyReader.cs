using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Takes the tokenizer's part out of a GGUF file's metadata.</summary>
internal static class GgufVocabularyReader
{
    private const string Prefix = "tokenizer.ggml.";

    public static GgufVocabulary Read(GgufFile file) => new(
        file.Path, file.GetString(Prefix + "model"), file.GetString(Prefix + "pre", null), file.GetStringArray(Prefix + "tokens"))
    {
        Scores = file.Find(Prefix + "scores")?.AsSingleArray(),
        TokenTypes = file.Find(Prefix + "token_type")?.AsInt64Array() is { } types ? [.. types.Select(Narrow)] : null,
        Merges = file.Find(Prefix + "merges")?.AsStringArray(),
        Bos = file.Find(Prefix + "bos_token_id")?.AsInt64(),
        Eos = file.Find(Prefix + "eos_token_id")?.AsInt64(),
        Eot = file.Find(Prefix + "eot_token_id")?.AsInt64(),
        Eom = file.Find(Prefix + "eom_token_id")?.AsInt64(),
        Unknown = file.Find(Prefix + "unknown_token_id")?.AsInt64(),
        AddBos = file.Find(Prefix + "add_bos_token")?.AsBool(),
        AddSpacePrefix = file.Find(Prefix + "add_space_prefix")?.AsBool(),
        ChatTemplate = file.GetString("tokenizer.chat_template", null),
    };

    /// <summary>Types that are none at all stay so.</summary>
    private static int Narrow(long type) => type is >= 0 and <= GgufTokenType.Byte ? (int)type : -1;
}
