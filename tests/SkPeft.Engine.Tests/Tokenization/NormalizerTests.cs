using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using SkPeft.Engine.Tokenization.Normalization;
using static SkPeft.Engine.Tests.Tokenization.SmallTokenizers;

namespace SkPeft.Engine.Tests.Tokenization;

public sealed class NormalizerTests
{
    // The examples of UAX #15, figures 3 to 5 and table 1, and Hangul of §3.12.
    [Theory]
    [InlineData("\u212B", "\u00C5", "A\u030A")]
    [InlineData("\u2126", "\u03A9", "\u03A9")]
    [InlineData("\u1E69", "\u1E69", "s\u0323\u0307")]
    [InlineData("s\u0307\u0323", "\u1E69", "s\u0323\u0307")]
    [InlineData("\u1E0B\u0323", "\u1E0D\u0307", "d\u0323\u0307")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307", "q\u0323\u0307")]
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8")]
    [InlineData("\uAC00\u11A8", "\uAC01", "\u1100\u1161\u11A8")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165", "\U0001D157\U0001D165")]
    [InlineData("\uFB01", "\uFB01", "\uFB01")]
    public void Canonical_PublishedExamples(string text, string composed, string decomposed)
    {
        Normalize(text, compose: true).ShouldBe(composed);
        Normalize(text, compose: false).ShouldBe(decomposed);
    }

    [Fact]
    public void Canonical_AnyText_FormsAgreeWithEachOther()
    {
        string[] parts = ["a", "e", "A", "s", "\u0301", "\u0307", "\u0323", "\u0327", "\u0345", "é", "\u1E69", "Å", "\u1100", "\u1161", "\u11A8", "가", "각", "\u0958", "\u09C7", "\u09BE", "東", "\U0001D15E", "👍"];
        Gen<string> texts = Gen.Elements(parts).ListOf().Select(p => string.Concat(p));
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            string composed = Normalize(text, compose: true);
            string decomposed = Normalize(text, compose: false);
            return Normalize(composed, compose: true) == composed
                && Normalize(decomposed, compose: true) == composed
                && Normalize(composed, compose: false) == decomposed;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(3, 5));
    }

    [Fact]
    public void Canonical_ManyMarks_AreOrderedInReasonableTime()
    {
        string text = "a" + string.Concat(Enumerable.Repeat("\u0301\u0323", 50_000));
        string ordered = Normalize(text, compose: false);
        ordered[..50_001].ShouldBe("a" + new string('\u0323', 50_000));
    }

    [Theory]
    [InlineData("""{"type":"Lowercase"}""", "ÀBİ", "àbi\u0307")]
    [InlineData("""{"type":"Strip","strip_left":true,"strip_right":false}""", "\u3000 a ", "a ")]
    [InlineData("""{"type":"Strip","strip_left":true,"strip_right":true}""", " \n ", "")]
    [InlineData("""{"type":"Prepend","prepend":"x"}""", "a", "xa")]
    [InlineData("""{"type":"Prepend","prepend":"x"}""", "", "")]
    [InlineData("""{"type":"Replace","pattern":{"String":"aa"},"content":"b"}""", "aaaca", "baca")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":" {2,}"},"content":" "}""", "a    b c", "a b c")]
    [InlineData("""{"type":"Sequence","normalizers":[]}""", "Aé", "Aé")]
    [InlineData("""{"type":"Sequence","normalizers":[{"type":"NFD"},{"type":"Lowercase"},{"type":"NFC"}]}""", "É", "é")]
    public void Normalizers_RewriteBeforeWordsAreCut(string normalizer, string text, string expected)
    {
        JsonObject json = ByteLevel();
        json["normalizer"] = JsonNode.Parse(normalizer);
        SkPeft.Engine.Tokenization.ITokenizer tokenizer = Open(json);
        tokenizer.Decode([.. tokenizer.Encode(text)]).ShouldBe(expected);
    }

    private static string Normalize(string text, bool compose) =>
        new CanonicalNormalizer(compose).Apply(AlignedText.Of(text, 0, text.Length)).Text.ToString();
}
