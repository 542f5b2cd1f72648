using System.Text.Json.Nodes;
using SkPeft.Engine.Tokenization;
using SkPeft.Engine.Tokenization.Saving;
using SkPeft.Tensors.Formats;
using SkPeft.Testing;
using static SkPeft.Engine.Tests.Tokenization.SmallTokenizers;

namespace SkPeft.Engine.Tests.Tokenization.Saving;

public sealed class GgufVocabularyConverterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gpt2", "gpt2", "gpt-2")]
    [InlineData("smollm", "gpt2", "smollm")]
    [InlineData("llama3", "gpt2", "llama-bpe")]
    [InlineData("qwen2", "gpt2", "qwen2")]
    [InlineData("spm", "llama", "default")]
    public void FromJsonFile_ThroughAFile_GivesTheReferencesIdsAndText(string golden, string model, string pre)
    {
        GgufVocabulary vocabulary = GgufVocabularyConverter.FromJsonFile(SharedFolder.PathOf("golden", "tokenizers", golden), 1024);
        ITokenizer tokenizer = ThroughAFile(vocabulary);

        (vocabulary.Model, vocabulary.Pre).ShouldBe((model, pre));
        GoldenTokenizerTests.Compare(tokenizer, golden == "spm" ? "spm-hf" : golden, SpecialTokens.Match);
    }

    [Fact]
    public void FromJsonFile_KeepsTheRolesThatTheFilesBesideItGive()
    {
        JsonObject json = ByteLevel();
        json["added_tokens"]!.AsArray().Add(Added(262, "<|im_end|>"));
        json["added_tokens"]!.AsArray().Add(Added(263, "<user>", special: false));
        json["added_tokens"]!.AsArray().Add(Added(264, "<stop>"));
        _folder.Write("tokenizer_config.json", """{"bos_token":"<s>","eos_token":{"content":"</s>"},"add_bos_token":true,"chat_template":"{{ bos_token }}"}""");
        _folder.Write("generation_config.json", """{"eos_token_id":[264, 262]}""");
        ITokenizer original = TokenizerLoader.FromJsonFile(Write(json));

        GgufVocabulary vocabulary = Convert(json, 270);
        ITokenizer tokenizer = ThroughAFile(vocabulary);

        (vocabulary.Bos, vocabulary.Eos, vocabulary.Eot, vocabulary.Eom).ShouldBe((260, 261, 264, null)); // <|im_end|> ends by its name.
        vocabulary.TokenTypes!.Skip(260).ShouldBe([3, 3, 3, 4, 3, 5, 5, 5, 5, 5]);
        vocabulary.Tokens[269].ShouldBe("[PAD269]");
        tokenizer.VocabularySize.ShouldBe(270);
        (tokenizer.BosId, tokenizer.EosId, tokenizer.AddBosByDefault, tokenizer.ChatTemplate).ShouldBe((260, 261, true, "{{ bos_token }}"));
        tokenizer.EndOfGenerationIds.ShouldBe(original.EndOfGenerationIds, ignoreOrder: true);
        tokenizer.Words("the <user> in</s><|im_end|>[PAD269]").ShouldBe(original.Words("the <user> in</s><|im_end|>[PAD269]"));
        tokenizer.Words("the</s>", SpecialTokens.AsText).ShouldBe(original.Words("the</s>", SpecialTokens.AsText));
    }

    [Fact]
    public void FromJsonFile_HolesOfTheVocabulary_AreFilled()
    {
        JsonObject json = ByteLevel();
        json["added_tokens"]!.AsArray().Add(Added(265, "<far>"));

        GgufVocabulary vocabulary = Convert(json, 266);

        vocabulary.Tokens.Skip(262).ShouldBe(["[PAD262]", "[PAD263]", "[PAD264]", "<far>"]);
        ThroughAFile(vocabulary).Words("<far>").ShouldBe(["<far>"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void FromJsonFile_SentencePiece_KeepsItsSpaces(bool prefix)
    {
        JsonObject json = CompleteSentencePiece();
        if (!prefix)
        {
            json["normalizer"]!["normalizers"]!.AsArray().RemoveAt(0);
            json["decoder"]!["decoders"]!.AsArray().RemoveAt(3);
        }

        ITokenizer original = TokenizerLoader.FromJsonFile(Write(json));
        ITokenizer tokenizer = ThroughAFile(Convert(json, 270));
        foreach (string text in (string[])["ab a ab", " ab", "", "ab<s>ab", "b c é 🙂 </s>", "  a"])
        {
            tokenizer.Encode(text, SpecialTokens.Match).ShouldBe(original.Encode(text, SpecialTokens.Match), text);
            tokenizer.Decode([.. tokenizer.Encode(text)]).ShouldBe(original.Decode([.. original.Encode(text)]), text);
        }
    }

    [Theory]
    [InlineData("normalizer", """{"type":"NFC"}""", "normalizer")]
    [InlineData("pre_tokenizer", """{"type":"ByteLevel","add_prefix_space":true,"use_regex":true}""", "pre_tokenizer")]
    [InlineData("pre_tokenizer", """{"type":"ByteLevel","add_prefix_space":false,"use_regex":false}""", "pre_tokenizer")]
    [InlineData("pre_tokenizer", """{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":false},{"type":"ByteLevel","add_prefix_space":false}]}""", "pre_tokenizer.pretokenizers[0]")]
    [InlineData("pre_tokenizer", """{"type":"Sequence","pretokenizers":[{"type":"ByteLevel","add_prefix_space":false},{"type":"Digits","individual_digits":true}]}""", "pre_tokenizer")]
    [InlineData("pre_tokenizer", """{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\\d"},"behavior":"Isolated"},{"type":"ByteLevel","add_prefix_space":false,"use_regex":false}]}""", "pre_tokenizer")]
    [InlineData("decoder", "null", "decoder")]
    [InlineData("model.ignore_merges", "true", "model.ignore_merges")]
    [InlineData("added_tokens", """[{"id":260,"content":"<s>","special":true,"lstrip":true}]""", "added_tokens lstrip of \"<s>\" (id 260)")]
    [InlineData("added_tokens", """[{"id":260,"content":"<s>","special":true,"rstrip":true}]""", "added_tokens rstrip of \"<s>\" (id 260)")]
    [InlineData("added_tokens", """[{"id":260,"content":"<s>","special":true,"single_word":true}]""", "added_tokens single_word of \"<s>\" (id 260)")]
    public void FromJsonFile_WhatAGgufFileCannotSay_IsRefusedByName(string path, string value, string named) =>
        Should.Throw<UnsupportedModelException>(() => Convert(With(ByteLevel(), path, value), 262)).Option.ShouldBe(named);

    [Theory]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","replacement":"▁","prepend_scheme":"first"}""", "pre_tokenizer")]
    [InlineData("normalizer", "null", "normalizer")]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[{"type":"Replace","pattern":{"String":" "},"content":"▁"},{"type":"Prepend","prepend":"▁"}]}""", "normalizer")]
    [InlineData("decoder", """{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"}]}""", "decoder")]
    [InlineData("model.merges", """[["a","b"],["▁","a"],["▁","ab"]]""", "model.merges")]
    [InlineData("model.merges", """[["a","b"],["▁","ab"],["▁","a"],["▁a","b"]]""", "model.merges")]
    public void FromJsonFile_SentencePieceThatScoresCannotSay_IsRefusedByName(string path, string value, string named) =>
        Should.Throw<UnsupportedModelException>(() => Convert(With(CompleteSentencePiece(), path, value), 270)).Option.ShouldBe(named);

    [Fact]
    public void FromJsonFile_MoreThanAFileCanName_IsRefused()
    {
        JsonObject json = ByteLevel();
        Should.Throw<FileFormatException>(() => Convert(json, 261)).Message.ShouldContain("262 tokens, expected at most 261");
        json["model"]!["unk_token"] = "<s>";
        json["model"]!["vocab"]!.AsObject().Remove("\u0100"); // The disguise of byte 0.
        Should.Throw<UnsupportedModelException>(() => Convert(json, 262)).Option.ShouldBe("model.unk_token");

        _folder.Write("generation_config.json", """{"eos_token_id":[1, 2, 3, 4]}""");
        Should.Throw<InvalidOptionException>(() => Convert(ByteLevel(), 262)).Message.ShouldContain("at most 3");
    }

    [Theory]
    [InlineData(300, 1, new[] { 2 }, 42)]
    [InlineData(260, null, new[] { 259, 0, 5 }, 1)]
    [InlineData(256, null, new int[0], 0)]
    [InlineData(258, 7, new[] { 7, 8 }, 0)]
    public void ByteVocabulary_HasEveryByte_TheRoles_AndFiller(int size, int? bos, int[] ends, int filler)
    {
        GgufVocabulary vocabulary = ByteVocabulary.Of("config.json", size, bos, ends)!;
        ITokenizer tokenizer = ThroughAFile(vocabulary);

        vocabulary.Tokens.Count.ShouldBe(size);
        vocabulary.Tokens.Distinct().Count().ShouldBe(size); // llama.cpp stops at a token that is there twice.
        vocabulary.Tokens.Count(t => t.StartsWith("[PAD", StringComparison.Ordinal)).ShouldBe(filler);
        string text = string.Concat(Enumerable.Range(0, 128).Select(c => (char)c)) + "é🙂";
        tokenizer.Decode([.. tokenizer.Encode(text)]).ShouldBe(text);
        (tokenizer.BosId, tokenizer.EosId, tokenizer.AddBosByDefault).ShouldBe((bos, ends.Length > 0 ? ends[0] : null, false));
        tokenizer.EndOfGenerationIds.ShouldBe(ends, ignoreOrder: true);
    }

    [Fact]
    public void ByteVocabulary_WithoutRoomForTheBytes_IsNone()
    {
        ByteVocabulary.Of("config.json", 255, null, []).ShouldBeNull();
        ByteVocabulary.Of("config.json", 257, 1, [2]).ShouldBeNull();
    }

    private string Write(JsonObject json) => _folder.Write("tokenizer.json", json.ToJsonString());

    private GgufVocabulary Convert(JsonObject json, int size) => GgufVocabularyConverter.FromJsonFile(Write(json), size);

    private ITokenizer ThroughAFile(GgufVocabulary vocabulary)
    {
        GgufMetadata metadata = new();
        GgufVocabularyWriter.AddTo(metadata, vocabulary);
        string path = _folder.PathOf("vocabulary.gguf");
        GgufWriter.Write(path, metadata, [], TestContext.Current.CancellationToken);
        return TokenizerLoader.Open(path);
    }

    // With every pair whose union is a token, as HF's converter lists them.
    private static JsonObject CompleteSentencePiece() => With(SentencePiece(), "model.merges", """[["a","b"],["▁","a"],["▁","ab"],["▁a","b"]]""");

    private static JsonObject With(JsonObject json, string path, string value)
    {
        string[] steps = path.Split('.');
        JsonNode at = json;
        foreach (string step in steps[..^1])
        {
            at = at[step]!;
        }

        at[steps[^1]] = JsonNode.Parse(value);
        return json;
    }
}
