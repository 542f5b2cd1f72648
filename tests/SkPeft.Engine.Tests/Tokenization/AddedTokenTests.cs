using System.Text.Json.Nodes;
using SkPeft.Engine.Tokenization;
using static SkPeft.Engine.Tests.Tokenization.SmallTokenizers;

namespace SkPeft.Engine.Tests.Tokenization;

public sealed class AddedTokenTests
{
    [Fact]
    public void Encode_AsText_NeverMatchesASpecialToken()
    {
        ITokenizer tokenizer = Open(ByteLevel());
        tokenizer.Words("a<s>", SpecialTokens.Match).ShouldBe(["a", "<s>"]);
        tokenizer.Words("a<s>", SpecialTokens.AsText).ShouldBe(["a", "<", "s", ">"]);
        tokenizer.Encode("a<s>").ShouldBe(tokenizer.Encode("a<s>", SpecialTokens.AsText));
    }

    [Fact]
    public void Encode_AddedTokenThatIsNotSpecial_IsMatchedEverywhere()
    {
        ITokenizer tokenizer = Open(With(Added(262, "    ", special: false)));
        tokenizer.Words("x    y", SpecialTokens.AsText).ShouldBe(["x", "    ", "y"]);
    }

    [Fact]
    public void Encode_SeveralFit_LeftmostThenLongestWins()
    {
        ITokenizer tokenizer = Open(With(Added(262, "<s><s>"), Added(263, "s><")));
        tokenizer.Words("<s><s><s>").ShouldBe(["<s><s>", "<s>"]);
        tokenizer.Words("s><s>").ShouldBe(["s><", "s", ">"]);
    }

    [Fact]
    public void Encode_LeftAndRightStrip_SwallowBlanks()
    {
        Open(With(Added(262, "<L>", flag: "lstrip"))).Words("a \n<L> b").ShouldBe(["a", "<L>", "Ġ", "b"]);
        Open(With(Added(262, "<R>", flag: "rstrip"))).Words("a <R> \nb").ShouldBe(["a", "Ġ", "<R>", "b"]);
        Open(With(Added(262, "<R>", flag: "rstrip"), Added(263, "<L>", flag: "lstrip"))).Words("<R>  <L>").ShouldBe(["<R>", "<L>"]);
    }

    [Fact]
    public void Encode_SingleWord_IsNotMatchedWithinAWord()
    {
        ITokenizer tokenizer = Open(With(Added(262, "ox", special: false, flag: "single_word")));
        tokenizer.Words("ox foxy ox").ShouldBe(["ox", "Ġ", "f", "o", "x", "y", "Ġ", "ox"]);
        tokenizer.Words("ox9 .ox. éox").ShouldBe(["o", "x", "9", "Ġ", ".", "ox", ".", "Ġ", "Ã", "©", "o", "x"]);
    }

    [Fact]
    public void Encode_NormalizedToken_IsMatchedInNormalizedText()
    {
        JsonObject json = SentencePiece();
        ((JsonArray)json["added_tokens"]!).Add(Added(300, "a b", special: true, normalized: true));
        ITokenizer tokenizer = Open(json);
        // Normalised, the token is '▁a▁b': it needs the beginning of a run, or a blank in front.
        tokenizer.Words("a b").ShouldBe(["a b"]);
        tokenizer.Words("ca b").ShouldBe(["▁", "c", "a", "▁", "b"]);
        tokenizer.Words("c a b").ShouldBe(["▁", "c", "a b"]);
        tokenizer.Words("a b", SpecialTokens.AsText).ShouldBe(["▁a", "▁", "b"]);
    }

    [Fact]
    public void Encode_UntrustedSpans_MatchOnlyWhatTouchesNone()
    {
        ITokenizer tokenizer = Open(ByteLevel());
        string[] Words(params (int, int)[] spans) => [.. tokenizer.Encode("<s>a<s>b</s>", spans).Select(tokenizer.TokenText)];
        Words().ShouldBe(["<s>", "a", "<s>", "b", "</s>"]);
        Words((3, 4)).ShouldBe(["<s>", "a", "<", "s", ">", "b", "</s>"]);
        Words((5, 1)).ShouldBe(["<s>", "a", "<", "s", ">", "b", "</s>"]);
        Words((11, 1), (0, 1)).ShouldBe(["<", "s", ">", "a", "<s>", "b", "<", "/", "s", ">"]);
        Words((3, 1), (4, 0), (7, 0)).ShouldBe(["<s>", "a", "<s>", "b", "</s>"]);
        Words((0, 12), (2, 3)).ShouldBe(["<", "s", ">", "a", "<", "s", ">", "b", "<", "/", "s", ">"]);
    }

    [Fact]
    public void Encode_UntrustedSpanWithNormalizer_IsFoundAgainInTheNormalizedText()
    {
        JsonObject json = SentencePiece();
        json["added_tokens"] = new JsonArray(Added(1, "<s>", normalized: true));
        json["normalizer"] = new JsonObject { ["type"] = "Replace", ["pattern"] = new JsonObject { ["String"] = "é" }, ["content"] = "abc" };
        ITokenizer tokenizer = Open(json);
        tokenizer.Encode("é<s>é<s>", [(5, 3)]).Select(tokenizer.TokenText).ShouldBe(["ab", "c", "<s>", "ab", "c", "<", "s", ">"]);
    }

    [Fact]
    public void Encode_NormalizedTokenBehindAStrangersBlank_IsStillTheTemplates()
    {
        JsonObject json = SentencePiece();
        json["added_tokens"] = new JsonArray(Added(2, "</s>", normalized: true));
        ITokenizer tokenizer = Open(json);
        // Normalised, the token is '▁</s>': the blank in front of it may be the end of a user's message.
        tokenizer.Encode("a </s>", [(0, 2)]).Select(tokenizer.TokenText).ShouldBe(["▁a", "</s>"]);
        tokenizer.Encode("a </s>", [(0, 3)]).Select(tokenizer.TokenText).ShouldBe(["▁a", "▁", "<", "/", "s", ">"]);
    }

    [Fact]
    public void Encode_TokenSplitOverTrustedAndUntrusted_IsText()
    {
        ITokenizer tokenizer = Open(ByteLevel());
        IReadOnlyList<int> ids = tokenizer.Encode([new("<s>", true), new("<", true), new("s>", false), new("", false), new("</s>", true)]);
        ids.Select(tokenizer.TokenText).ShouldBe(["<s>", "<", "s", ">", "</s>"]);
    }

    [Fact]
    public void Encode_Segments_MergeAcrossBorders()
    {
        ITokenizer tokenizer = Open(ByteLevel());
        tokenizer.Encode([new("in t", true), new("h", false), new("e", true)]).ShouldBe(tokenizer.Encode("in the"));
        tokenizer.Encode([new("<s", true), new("> the", true)]).ShouldBe(tokenizer.Encode("<s> the", SpecialTokens.Match));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 4)]
    [InlineData(4, 0)]
    [InlineData(1, -1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Encode_SpanOutsideTheText_IsRefused(int start, int length) =>
        Should.Throw<InvalidOptionException>(() => Open(ByteLevel()).Encode("abc", [(start, length)]));

    private static JsonObject With(params JsonObject[] added)
    {
        JsonObject json = ByteLevel();
        foreach (JsonObject token in added)
        {
            ((JsonArray)json["added_tokens"]!).Add(token);
        }

        return json;
    }
}
