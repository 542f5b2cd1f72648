using System.Text.Json;
using System.Text.Json.Nodes;
using SkPeft.Engine.Tokenization;
using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tests.Tokenization;

/// <summary>Small tokenizer.json files made by hand, and opened from a folder that is gone afterwards.</summary>
internal static class SmallTokenizers
{
    /// <summary>All bytes, then <c>Ġt he Ġthe in</c>; <c>&lt;s&gt;</c> and <c>&lt;/s&gt;</c> are special.</summary>
    public static JsonObject ByteLevel()
    {
        JsonObject vocabulary = [];
        foreach (char c in ByteAlphabet.Characters)
        {
            vocabulary.Add(c.ToString(), vocabulary.Count);
        }

        foreach (string token in (string[])["Ġt", "he", "Ġthe", "in", "<s>", "</s>"])
        {
            vocabulary.Add(token, vocabulary.Count);
        }

        return new JsonObject
        {
            ["version"] = "1.0",
            ["added_tokens"] = new JsonArray(Added(260, "<s>"), Added(261, "</s>")),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = true },
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray("Ġ t", "h e", "Ġt he", "i n") },
        };
    }

    /// <summary>Llama 2's shape: unk, bos, eos, 256 byte tokens, some letters and <c>▁</c>, <c>▁a ab ▁ab</c>.</summary>
    public static JsonObject SentencePiece()
    {
        JsonObject vocabulary = new() { ["<unk>"] = 0, ["<s>"] = 1, ["</s>"] = 2 };
        for (int value = 0; value < 256; value++)
        {
            vocabulary.Add(ByteAlphabet.FallbackSpelling(value), vocabulary.Count);
        }

        foreach (string token in (string[])["▁", "a", "b", "c", "<", ">", "s", "/", "▁a", "ab", "▁ab"])
        {
            vocabulary.Add(token, vocabulary.Count);
        }

        JsonObject Replace(string from, string to) => new() { ["type"] = "Replace", ["pattern"] = new JsonObject { ["String"] = from }, ["content"] = to };
        return new JsonObject
        {
            ["added_tokens"] = new JsonArray(Added(0, "<unk>"), Added(1, "<s>"), Added(2, "</s>")),
            ["normalizer"] = new JsonObject { ["type"] = "Sequence", ["normalizers"] = new JsonArray(new JsonObject { ["type"] = "Prepend", ["prepend"] = "▁" }, Replace(" ", "▁")) },
            ["pre_tokenizer"] = null,
            ["decoder"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["decoders"] = new JsonArray(
                    Replace("▁", " "),
                    new JsonObject { ["type"] = "ByteFallback" },
                    new JsonObject { ["type"] = "Fuse" },
                    new JsonObject { ["type"] = "Strip", ["content"] = " ", ["start"] = 1, ["stop"] = 0 }),
            },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["unk_token"] = "<unk>",
                ["fuse_unk"] = true,
                ["byte_fallback"] = true,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray(new JsonArray("a", "b"), new JsonArray("▁", "a"), new JsonArray("▁", "ab")),
            },
        };
    }

    public static JsonObject Added(int id, string content, bool special = true, bool normalized = false, string? flag = null)
    {
        JsonObject token = new() { ["id"] = id, ["content"] = content, ["special"] = special, ["normalized"] = normalized };
        if (flag is not null)
        {
            token[flag] = true;
        }

        return token;
    }

    public static ITokenizer Open(JsonObject json, params (string Name, string Text)[] companions) => Open(json.ToJsonString(), companions);

    public static ITokenizer Open(string json, params (string Name, string Text)[] companions) => Open(System.Text.Encoding.UTF8.GetBytes(json), companions);

    public static ITokenizer Open(byte[] json, params (string Name, string Text)[] companions)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("skpeft-tokenizer-");
        try
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, "tokenizer.json"), json);
            foreach ((string name, string text) in companions)
            {
                File.WriteAllText(Path.Combine(folder.FullName, name), text);
            }

            return TokenizerLoader.FromJsonFile(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static string[] Words(this ITokenizer tokenizer, string text, SpecialTokens special = SpecialTokens.Match) =>
        [.. tokenizer.Encode(text, special).Select(tokenizer.TokenText)];

    public static string Json(string text) => JsonSerializer.Serialize(text);
}
