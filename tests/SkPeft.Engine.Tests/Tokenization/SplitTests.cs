using System.Text.Json.Nodes;
using SkPeft.Engine.Tokenization.Loading;
using SkPeft.Engine.Tokenization.PreTokenization;

namespace SkPeft.Engine.Tests.Tokenization;

public sealed class SplitTests
{
    [Theory]
    [InlineData("Removed", "the final countdown")]
    [InlineData("Isolated", "the - final - - countdown")]
    [InlineData("MergedWithPrevious", "the- final- - countdown")]
    [InlineData("MergedWithNext", "the -final - -countdown")]
    [InlineData("Contiguous", "the - final -- countdown")]
    public void Split_Behaviours_AreTheDocumentedOnes(string behavior, string expected)
    {
        foreach (JsonObject pattern in (JsonObject[])[new() { ["String"] = "-" }, new() { ["Regex"] = "-" }])
        {
            Cut("the-final--countdown", new JsonObject { ["type"] = "Split", ["pattern"] = pattern, ["behavior"] = behavior, ["invert"] = false })
                .ShouldBe(expected.Split(' '));
        }
    }

    [Fact]
    public void Split_Inverted_CutsBetweenMatches() =>
        Cut("ab-c", new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = "[a-z]+" }, ["behavior"] = "Removed", ["invert"] = true })
            .ShouldBe(["ab", "c"]);

    [Fact]
    public void Split_EmptyMatches_CutWithoutLosingText() =>
        Cut("ab👍c", new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = "x*" }, ["behavior"] = "Isolated", ["invert"] = false })
            .ShouldBe(["a", "b", "👍", "c"]);

    [Fact]
    public void Digits_OneByOneOrTogether()
    {
        Cut("a12٣b½", new JsonObject { ["type"] = "Digits", ["individual_digits"] = true }).ShouldBe(["a", "1", "2", "٣", "b", "½"]);
        Cut("a12٣b½", new JsonObject { ["type"] = "Digits", ["individual_digits"] = false }).ShouldBe(["a", "12٣", "b", "½"]);
    }

    [Fact]
    public void Punctuation_IsIsolatedUnlessSaidOtherwise()
    {
        Cut("a,.b", new JsonObject { ["type"] = "Punctuation" }).ShouldBe(["a", ",", ".", "b"]);
        Cut("a,.«b", new JsonObject { ["type"] = "Punctuation", ["behavior"] = "Contiguous" }).ShouldBe(["a", ",.«", "b"]);
    }

    [Fact]
    public void Metaspace_Schemes_PrependAlwaysFirstOrNever()
    {
        JsonObject Metaspace(string scheme, bool split = true) => new() { ["type"] = "Metaspace", ["replacement"] = "▁", ["prepend_scheme"] = scheme, ["split"] = split };
        Cut("a  b", Metaspace("always")).ShouldBe(["▁a", "▁", "▁b"]);
        Cut(" a", Metaspace("always")).ShouldBe(["▁a"]);
        Cut("a b", Metaspace("never")).ShouldBe(["a", "▁b"]);
        Cut("a b", Metaspace("first", split: false)).ShouldBe(["▁a▁b"]);
        Cut("a b", Metaspace("first"), startsText: false).ShouldBe(["a", "▁b"]);
    }

    [Fact]
    public void ByteLevel_PrefixSpace_IsAddedWhereThereIsNone()
    {
        JsonObject json = new() { ["type"] = "ByteLevel", ["add_prefix_space"] = true };
        Cut("a b", json).ShouldBe(["Ġa", "Ġb"]);
        Cut(" a b", json).ShouldBe(["Ġa", "Ġb"]);
    }

    [Fact]
    public void Sequence_StagesSeeWhatTheOnesBeforeLeft()
    {
        JsonObject split = new() { ["type"] = "Split", ["pattern"] = new JsonObject { ["String"] = "b" }, ["behavior"] = "MergedWithPrevious", ["invert"] = false };
        JsonObject bytes = new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = false };
        Cut("ab1 cb", new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray(new JsonObject { ["type"] = "Digits", ["individual_digits"] = true }, split, bytes) })
            .ShouldBe(["ab", "1", "Ġcb"]);
    }

    internal static List<string> Cut(string text, PreTokenizer stage, bool startsText = true)
    {
        Pieces pieces = new(text.ToCharArray(), 0, text.Length, startsText);
        stage.Apply(pieces);
        List<string> cut = [];
        foreach ((int, int) range in pieces.Ranges)
        {
            cut.Add(pieces[range].ToString());
        }

        return cut;
    }

    private static List<string> Cut(string text, JsonObject json, bool startsText = true)
    {
        using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(json.ToJsonString());
        return Cut(text, PreTokenizerReader.Read(new JsonPart("test", "pre_tokenizer", document.RootElement)), startsText);
    }
}
