using SkPeft.Engine.Tokenization;
using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tests.Tokenization;

public sealed class GgufTokenizerTests
{
    private static readonly string[] s_bytes = [.. ByteAlphabet.Characters.ToArray().Select(c => c.ToString())];

    [Theory]
    [InlineData("gpt-2", "It'S 12", "I|t|'|S|Ġ12")]
    [InlineData("smollm", "It'S 12", "I|t|'|S|Ġ|1|2")]
    [InlineData("llama-bpe", "It'S 12", "I|t|'|S|Ġ|12")]
    [InlineData("qwen2", "It'S 12", "I|t|'|S|Ġ|1|2")]
    [InlineData("default", "It'S 12", "I|t|'|S|Ġ|12")]
    public void FromGguf_PreTokenisers_CutDigitsInTheirOwnWay(string pre, string text, string expected) =>
        TokenizerLoader.FromGguf(Bpe(pre)).Words(text).ShouldBe(expected.Split('|'));

    [Fact]
    public void FromGguf_Llama3_TakesWholeWordsAndAddsBos()
    {
        GgufVocabulary vocabulary = Bpe("llama-bpe");
        vocabulary = vocabulary with { Tokens = [.. vocabulary.Tokens, "xyz"], TokenTypes = [.. vocabulary.TokenTypes!, 1], Bos = 258 };
        ITokenizer tokenizer = TokenizerLoader.FromGguf(vocabulary);
        tokenizer.Words("xyz").ShouldBe(["xyz"]);
        tokenizer.AddBosByDefault.ShouldBeTrue();
        TokenizerLoader.FromGguf(vocabulary with { AddBos = false }).AddBosByDefault.ShouldBeFalse();
        TokenizerLoader.FromGguf(vocabulary with { Pre = "gpt-2" }).AddBosByDefault.ShouldBeFalse();
        TokenizerLoader.FromGguf(vocabulary with { Pre = "gpt-2" }).Words("xyz").ShouldBe(["x", "y", "z"]);
    }

    [Fact]
    public void FromGguf_Qwen2_ComposesCharacters() => TokenizerLoader.FromGguf(Bpe("qwen2")).Words("e\u0301").ShouldBe(["Ã", "©"]);

    [Fact]
    public void FromGguf_TokenTypes_DecideWhatIsSpecial()
    {
        GgufVocabulary vocabulary = Bpe("gpt-2");
        vocabulary = vocabulary with { Tokens = [.. vocabulary.Tokens, "<u>", "<c>"], TokenTypes = [.. vocabulary.TokenTypes!, 4, 3], Eos = 258 };
        ITokenizer tokenizer = TokenizerLoader.FromGguf(vocabulary);
        tokenizer.Words("<c><u>", SpecialTokens.Match).ShouldBe(["<c>", "<u>"]);
        tokenizer.Words("<c><u>", SpecialTokens.AsText).ShouldBe(["<", "c", ">", "<u>"]);
        tokenizer.EndOfGenerationIds.ShouldBe([258]);
        tokenizer.IsSpecial(tokenizer.IdOf("<u>")!.Value).ShouldBeFalse();
    }

    [Fact]
    public void FromGguf_SentencePiece_BestScoreFirstThenLeftmost()
    {
        ITokenizer tokenizer = TokenizerLoader.FromGguf(Spm(("▁", -1), ("a", -1), ("b", -1), ("c", -1), ("ab", -3), ("bc", -2), ("abc", -9), ("aa", -4)));
        tokenizer.Words("abc").ShouldBe(["▁", "abc"]);
        tokenizer.Words("bab").ShouldBe(["▁", "b", "ab"]);
        tokenizer.Words("aaa").ShouldBe(["▁", "aa", "a"]);
        tokenizer.Words("é").ShouldBe(["▁", "<0xC3>", "<0xA9>"]);
        tokenizer.Decode([.. tokenizer.Encode(" a  b")]).ShouldBe(" a  b");
        tokenizer.AddBosByDefault.ShouldBeTrue();
    }

    [Fact]
    public void FromGguf_SentencePiece_SpacePrefixOnlyWhereAskedFor()
    {
        GgufVocabulary vocabulary = Spm(("▁", -1), ("a", -1), ("▁a", -2));
        TokenizerLoader.FromGguf(vocabulary).Words("a<s>a").ShouldBe(["▁a", "<s>", "▁a"]);
        ITokenizer bare = TokenizerLoader.FromGguf(vocabulary with { AddSpacePrefix = false });
        bare.Words("a<s>a a").ShouldBe(["a", "<s>", "a", "▁a"]);
        bare.Decode([.. bare.Encode(" a")]).ShouldBe(" a");
    }

    [Fact]
    public void FromGguf_SentencePiece_TextNeverBecomesAControlToken()
    {
        ITokenizer tokenizer = TokenizerLoader.FromGguf(Spm(("▁", -1), ("<", -1), ("s", -1), (">", -1), ("<s", -2)));
        tokenizer.Words("<s>", SpecialTokens.AsText).ShouldBe(["▁", "<s", ">"]);
        tokenizer.Words("<0x41>", SpecialTokens.AsText).ShouldNotContain("<0x41>");
    }

    [Fact]
    public void FromGguf_WhatIsNotSupported_IsRefusedByName()
    {
        Should.Throw<UnsupportedModelException>(() => TokenizerLoader.FromGguf(Bpe("tekken"))).Option.ShouldBe("tokenizer.ggml.pre");
        Should.Throw<UnsupportedModelException>(() => TokenizerLoader.FromGguf(Bpe("gpt-2") with { Pre = null })).Found.ShouldBe("absent");
        Should.Throw<UnsupportedModelException>(() => TokenizerLoader.FromGguf(Bpe("gpt-2") with { Model = "t5" })).Found.ShouldBe("t5");
    }

    [Fact]
    public void FromGguf_Inconsistent_NamesTheKey()
    {
        GgufVocabulary bpe = Bpe("gpt-2");
        GgufVocabulary spm = Spm(("▁", -1), ("a", -1));
        (GgufVocabulary Vocabulary, string Field)[] cases =
        [
            (bpe with { Tokens = [], TokenTypes = [] }, "vocabulary"),
            (bpe with { TokenTypes = [1] }, "tokenizer.ggml.token_type"),
            (bpe with { TokenTypes = [.. bpe.TokenTypes!.SkipLast(1), 9] }, "tokenizer.ggml.token_type[258]"),
            (bpe with { Merges = null }, "tokenizer.ggml.merges"),
            (bpe with { Merges = ["1 2", "1"] }, "tokenizer.ggml.merges[1]"),
            (bpe with { Merges = ["1 zz"] }, "tokenizer.ggml.merges[0]"),
            (bpe with { Merges = ["", "a"] }, "tokenizer.ggml.merges[0]"),
            (bpe with { Merges = [" "] }, "tokenizer.ggml.merges[0]"),
            (bpe with { Bos = 259 }, "tokenizer.ggml.bos_token_id"),
            (bpe with { Eos = -1 }, "tokenizer.ggml.eos_token_id"),
            (bpe with { Eot = long.MaxValue }, "tokenizer.ggml.eot_token_id"),
            (bpe with { Tokens = [.. bpe.Tokens.SkipLast(1), "a"] }, "tokenizer.ggml.tokens"),
            (bpe with { Tokens = [.. bpe.Tokens.Select(t => t == "Q" ? "" : t)] }, "vocabulary"),
            (spm with { Scores = null }, "tokenizer.ggml.scores"),
            (spm with { Scores = [1] }, "tokenizer.ggml.scores"),
            (spm with { Scores = [.. spm.Scores!.SkipLast(1), float.NaN] }, $"tokenizer.ggml.scores[{spm.Tokens.Count - 1}]"),
            (Spm((new string('a', 40_000), -1)), "tokenizer.ggml.tokens[259]"),
        ];
        foreach ((GgufVocabulary vocabulary, string field) in cases)
        {
            FileFormatException e = Should.Throw<FileFormatException>(() => TokenizerLoader.FromGguf(vocabulary), field);
            e.Field.ShouldBe(field);
            e.File.ShouldBe("test.gguf");
        }
    }

    [Fact]
    public void FromGguf_EmptySpellings_AreKeptAsIds()
    {
        GgufVocabulary vocabulary = Bpe("gpt-2");
        ITokenizer tokenizer = TokenizerLoader.FromGguf(vocabulary with { Tokens = [.. vocabulary.Tokens, "", ""], TokenTypes = [.. vocabulary.TokenTypes!, 5, 5] });
        tokenizer.VocabularySize.ShouldBe(261);
        tokenizer.Decode([260, 65, 259]).ShouldBe(tokenizer.Decode([65]));
    }

    [Fact]
    public void Fingerprint_DiffersWithEverythingThatChangesIds()
    {
        GgufVocabulary vocabulary = Bpe("gpt-2");
        string[] prints =
        [
            .. new[]
            {
                vocabulary,
                vocabulary with { Pre = "smollm" },
                vocabulary with { Merges = [] },
                vocabulary with { TokenTypes = [.. vocabulary.TokenTypes!.SkipLast(1), 4] },
                vocabulary with { Tokens = [.. vocabulary.Tokens.SkipLast(1), "<other>"] },
            }.Select(v => TokenizerLoader.FromGguf(v).Fingerprint),
        ];
        prints.Distinct().Count().ShouldBe(prints.Length);
        prints.ShouldAllBe(p => p.Length == 64 && p.All(char.IsAsciiHexDigitLower));
        TokenizerLoader.FromGguf(Bpe("gpt-2") with { ChatTemplate = "x", Source = "copy.gguf" }).Fingerprint.ShouldBe(prints[0]);
    }

    /// <summary>All bytes, 256 <c>12</c>, 257 <c>Ġ12</c>, 258 <c>&lt;end&gt;</c> (control).</summary>
    private static GgufVocabulary Bpe(string pre) => new("test.gguf", "gpt2", pre, [.. s_bytes, "12", "Ġ12", "<end>"])
    {
        TokenTypes = [.. Enumerable.Repeat(1, 258), 3],
        Merges = ["1 2", "Ġ 12"],
    };

    private static GgufVocabulary Spm(params (string Text, float Score)[] pieces)
    {
        (string Text, float Score, int Type)[] all =
        [
            ("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3),
            .. Enumerable.Range(0, 256).Select(b => (ByteAlphabet.FallbackSpelling(b), 0f, 6)),
            .. pieces.Select(p => (p.Text, p.Score, 1)),
        ];
        return new GgufVocabulary("test.gguf", "llama", "default", [.. all.Select(p => p.Text)])
        {
            Scores = [.. all.Select(p => p.Score)],
            TokenTypes = [.. all.Select(p => p.Type)],
            Bos = 1,
            Eos = 2,
        };
    }
}
