using System.Text.Json.Nodes;
using SkPeft.Engine.Tokenization;
using static SkPeft.Engine.Tests.Tokenization.SmallTokenizers;

namespace SkPeft.Engine.Tests.Tokenization;

public sealed class EncodingTests
{
    [Fact]
    public void Encode_Merges_LowestRankFirst() => Open(ByteLevel()).Words("in the then").ShouldBe(["in", "Ġthe", "Ġthe", "n"]);

    [Fact]
    public void Encode_ByteLevel_SpellsWhatHasNoTokenByBytes() => Open(ByteLevel()).Words("é\n").ShouldBe(["Ã", "©", "Ċ"]);

    [Fact]
    public void Encode_SentencePiece_PrependsAndFallsBackToBytes() =>
        Open(SentencePiece()).Words("ab é").ShouldBe(["▁ab", "▁", "<0xC3>", "<0xA9>"]);

    [Fact]
    public void Encode_SentencePiece_PrependsToEveryRunBetweenSpecialTokens() =>
        Open(SentencePiece()).Words("ab<s>ab").ShouldBe(["▁ab", "<s>", "▁ab"]);

    [Fact]
    public void Encode_UnknownWithoutFallback_IsFusedWhereTheFileSaysSo()
    {
        JsonObject json = SentencePiece();
        json["model"]!["byte_fallback"] = false;
        Open(json).Words("éèa").ShouldBe(["▁", "<unk>", "a"]);
        json["model"]!["fuse_unk"] = false;
        Open(json).Words("éèa").ShouldBe(["▁", "<unk>", "<unk>", "a"]);
    }

    [Fact]
    public void Encode_IgnoreMerges_TakesAWholeWordThatNoMergeLeadsTo()
    {
        JsonObject json = ByteLevel();
        json["model"]!["vocab"]!["xyz"] = 262;
        Open(json).Words("xyz").ShouldBe(["x", "y", "z"]);
        json["model"]!["ignore_merges"] = true;
        Open(json).Words("xyz xyz").ShouldBe(["xyz", "Ġ", "x", "y", "z"]);
    }

    [Fact]
    public void Encode_IgnoreMerges_NeverSpellsASpecialToken()
    {
        JsonObject json = SentencePiece();
        json["normalizer"] = null;
        json["model"]!["ignore_merges"] = true;
        Open(json).Words("<s>", SpecialTokens.AsText).ShouldBe(["<", "s", ">"]);
    }

    [Fact]
    public void Encode_MergeThatMakesASpecialToken_IsNotApplied()
    {
        JsonObject json = SentencePiece();
        json["normalizer"] = null;
        json["model"]!["vocab"]!["<s"] = 300;
        json["model"]!["merges"] = new JsonArray("< s", "<s >");
        Open(json).Words("<s>", SpecialTokens.AsText).ShouldBe(["<s", ">"]);
        Open(json).Words("<s>", SpecialTokens.Match).ShouldBe(["<s>"]);
    }

    [Fact]
    public void Encode_PairStatedTwice_TakesTheLaterRank()
    {
        JsonObject json = ByteLevel();
        json["model"]!["vocab"]!["ha"] = 262;
        json["model"]!["vocab"]!["ah"] = 263;
        json["model"]!["merges"] = new JsonArray("h a", "a h", "h a");
        Open(json).Words("hah").ShouldBe(["h", "ah"]);
    }

    [Fact]
    public void Encode_LongTextWithoutSpaces_IsSameAsItsPartsWhereNoTokenReachesAcross()
    {
        ITokenizer tokenizer = Open(SentencePiece());
        // 'c' is in no other token: every 'abab…' between two of them stands alone.
        string text = string.Concat(Enumerable.Repeat("ababc", 40_000));
        string[] words = tokenizer.Words(text);
        words.Length.ShouldBe(40_000 * 3);
        words[..4].ShouldBe(["▁ab", "ab", "c", "ab"]);
    }

    [Fact]
    public void Encode_LongRunOfOneCharacter_Ends()
    {
        JsonObject json = ByteLevel();
        json["model"]!["vocab"]!["aa"] = 262;
        json["model"]!["vocab"]!["aaaa"] = 263;
        json["model"]!["merges"] = new JsonArray("a a", "aa aa");
        ITokenizer tokenizer = Open(json);
        int[] ids = [.. tokenizer.Encode(new string('a', 200_003))];
        ids.Length.ShouldBe(50_002);
        ids[^2..].Select(tokenizer.TokenText).ShouldBe(["aa", "a"]);
    }

    [Fact]
    public void Encode_LoneSurrogates_AreReplacementCharacters()
    {
        ITokenizer tokenizer = Open(ByteLevel());
        tokenizer.Encode("a\uD83Db\uDC4D").ShouldBe(tokenizer.Encode("a\uFFFDb\uFFFD"));
        tokenizer.Encode("\uD83D\uDC4D").Count.ShouldBe(4);
    }

    [Fact]
    public void Encode_Nothing_IsNothing()
    {
        Open(ByteLevel()).Encode("").ShouldBeEmpty();
        Open(SentencePiece()).Encode("").ShouldBeEmpty();
    }

    [Fact]
    public void Encode_SameTextTwiceAndFromManyThreads_GivesTheSameIds()
    {
        ITokenizer tokenizer = Open(ByteLevel());
        string text = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"the word{i} "));
        int[] expected = [.. tokenizer.Encode(text)];
        int[][] results = new int[4][];
        Parallel.For(0, results.Length, i => results[i] = [.. tokenizer.Encode(text)]);
        foreach (int[] ids in results)
        {
            ids.ShouldBe(expected);
        }
    }
}
