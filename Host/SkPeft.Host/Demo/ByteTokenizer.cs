using System.Text.Json.Nodes;

namespace SkPeft.Host.Demo;

/// <summary>A <c>tokenizer.json</c> whose tokens are the 256 bytes and an end.</summary>
internal static class ByteTokenizer
{
    public const int EndOfText = 256;
    public const int Size = 257;

    private const string EndText = "<|endoftext|>";

    public static string Json()
    {
        JsonObject vocabulary = [];
        int next = 256;
        for (int b = 0; b < 256; b++)
        {
            // GPT-2's printable stand-ins for bytes.
            bool printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            vocabulary[((char)(printable ? b : next++)).ToString()] = b;
        }

        vocabulary[EndText] = EndOfText;
        JsonObject end = new()
        {
            ["id"] = EndOfText, ["content"] = EndText, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
        };
        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray { (JsonNode)end },
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = true, ["trim_offsets"] = true, ["use_regex"] = true },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray() },
        }.ToJsonString();
    }
}
