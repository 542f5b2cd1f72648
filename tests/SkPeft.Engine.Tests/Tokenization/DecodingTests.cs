using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using SkPeft.Engine.Tokenization;
using static SkPeft.Engine.Tests.Tokenization.SmallTokenizers;

namespace SkPeft.Engine.Tests.Tokenization;

public sealed class DecodingTests
{
    [Fact]
    public void Push_BytesOfACharacter_ShowItWithItsLastByte()
    {
        foreach (ITokenizer tokenizer in (ITokenizer[])[Open(ByteLevel()), Open(SentencePiece())])
        {
            int[] ids = [.. tokenizer.Encode("👍").TakeLast(4)];
            Utf8TokenDecoder decoder = tokenizer.StartDecoding();
            ids.Select(decoder.Push).ShouldBe(["", "", "", "👍"]);
            decoder.Flush().ShouldBe("");
        }
    }

    [Fact]
    public void Flush_UnfinishedCharacter_IsReplaced()
    {
        ITokenizer tokenizer = Open(SentencePiece());
        Utf8TokenDecoder decoder = tokenizer.StartDecoding();
        foreach (int id in tokenizer.Encode("a👍").SkipLast(1))
        {
            decoder.Push(id);
        }

        decoder.Flush().ShouldBe("\uFFFD\uFFFD\uFFFD");
        decoder.Push(tokenizer.IdOf("▁a")!.Value).ShouldBe("a", "a decoder that was flushed begins anew");
    }

    [Fact]
    public void Decode_ByteFallback_BrokenBytesAreReplacedOneByOne()
    {
        ITokenizer tokenizer = Open(SentencePiece());
        int[] Ids(params string[] tokens) => [.. tokens.Select(t => tokenizer.IdOf(t)!.Value)];
        tokenizer.Decode(Ids("a", "<0xE6>", "<0x9D>", "b")).ShouldBe("a\uFFFD\uFFFDb");
        tokenizer.Decode(Ids("<0xFF>", "<0x41>", "<0xC3>", "<0xA9>")).ShouldBe("\uFFFDAé");
    }

    [Fact]
    public void Decode_ByteLevel_BrokenBytesAreReplacedByTheirLongestParts()
    {
        ITokenizer tokenizer = Open(ByteLevel());
        byte[] bytes = [0x61, 0xF0, 0x9F, 0x91, 0x62, 0xC0, 0x80, 0xE6];
        int[] ids = [.. bytes.Select(b => (int)b).Select(b => tokenizer.IdOf(SkPeft.Engine.Tokenization.Unicode.ByteAlphabet.Characters[b].ToString())!.Value)];
        tokenizer.Decode(ids).ShouldBe(Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void Decode_Strip_TakesOneBlankFromTheStartOfTheText()
    {
        ITokenizer tokenizer = Open(SentencePiece());
        int[] Ids(params string[] tokens) => [.. tokens.Select(t => tokenizer.IdOf(t)!.Value)];
        tokenizer.Decode(Ids("▁ab", "▁a")).ShouldBe("ab a");
        tokenizer.Decode(Ids("▁", "▁ab")).ShouldBe(" ab");
        tokenizer.Decode(Ids("<s>", "▁ab")).ShouldBe("<s> ab");
        tokenizer.Decode(Ids("<s>", "▁ab", "</s>"), skipSpecial: true).ShouldBe("ab");
    }

    [Fact]
    public void Decode_StripAtTheEnd_IsHeldBackUntilItIsTheEnd()
    {
        JsonObject json = SentencePiece();
        json["decoder"]!["decoders"]![3] = new JsonObject { ["type"] = "Strip", ["content"] = " ", ["start"] = 0, ["stop"] = 2 };
        ITokenizer tokenizer = Open(json);
        int blank = tokenizer.IdOf("▁")!.Value;
        int letter = tokenizer.IdOf("a")!.Value;
        Utf8TokenDecoder decoder = tokenizer.StartDecoding();
        ((int[])[letter, blank, blank, blank, letter, blank, blank, blank]).Select(decoder.Push).ShouldBe(["a", "", "", " ", "  a", "", "", " "]);
        decoder.Flush().ShouldBe("");
        tokenizer.Decode([letter, blank, letter, blank]).ShouldBe("a a");
    }

    [Fact]
    public void Decode_Metaspace_DropsTheFirstTokensOnly()
    {
        JsonObject json = SentencePiece();
        json["normalizer"] = null;
        json["pre_tokenizer"] = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "▁", ["prepend_scheme"] = "always", ["split"] = true };
        json["decoder"] = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "▁", ["prepend_scheme"] = "always", ["split"] = true };
        ITokenizer tokenizer = Open(json);
        int[] ids = [.. tokenizer.Encode("ab  ab")];
        ids.Select(tokenizer.TokenText).ShouldBe(["▁ab", "▁", "▁ab"]);
        tokenizer.Decode(ids).ShouldBe("ab  ab");
        json["decoder"]!["prepend_scheme"] = "never";
        Open(json).Decode(ids).ShouldBe(" ab  ab");
    }

    [Fact]
    public void Decode_WithoutADecoder_PutsSpacesBetween()
    {
        JsonObject json = SentencePiece();
        json["decoder"] = null;
        ITokenizer tokenizer = Open(json);
        tokenizer.Decode([tokenizer.IdOf("ab")!.Value, tokenizer.IdOf("<0x41>")!.Value, tokenizer.IdOf("c")!.Value]).ShouldBe("ab <0x41> c");
    }

    [Fact]
    public void Decode_IdsOutsideTheVocabulary_YieldNothing()
    {
        ITokenizer tokenizer = Open(ByteLevel());
        tokenizer.Decode([-1, 258, 1_000_000, int.MaxValue, int.MinValue, 259]).ShouldBe(" thein");
        tokenizer.TokenText(-1).ShouldBe("");
        tokenizer.IsSpecial(1_000_000).ShouldBeFalse();
        ArrayBufferWriter<byte> bytes = new();
        tokenizer.AppendBytes(1_000_000, bytes);
        tokenizer.AppendBytes(tokenizer.IdOf("Ã")!.Value, bytes);
        bytes.WrittenSpan.ToArray().ShouldBe([(byte)0xC3]);
    }

    [Fact]
    public void Decode_SkipSpecial_LeavesOnlySpecialTokensOut()
    {
        ITokenizer tokenizer = Open(ByteLevel());
        int[] ids = [.. tokenizer.Encode("<s>the</s>", SpecialTokens.Match)];
        tokenizer.Decode(ids).ShouldBe("<s>the</s>");
        tokenizer.Decode(ids, skipSpecial: true).ShouldBe("the");
        Utf8TokenDecoder decoder = tokenizer.StartDecoding(skipSpecial: true);
        string.Concat(ids.Select(decoder.Push)).ShouldBe("the");
    }
}
