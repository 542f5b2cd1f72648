using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using SkPeft.Engine.Tokenization;
using static SkPeft.Engine.Tests.Tokenization.SmallTokenizers;

namespace SkPeft.Engine.Tests.Tokenization;

public sealed class TokenizerPropertyTests
{
    private static readonly ITokenizer[] s_byteLevel = [Open(ByteLevel()), Open(WithPattern(@"\p{N}{1,3}|\s+(?!\S)|\s+|\S+"))];
    private static readonly ITokenizer s_sentencePiece = Open(SentencePiece());

    /// <summary>UTF-16 with everything in it, lone surrogates too.</summary>
    private static Gen<string> Texts => Gen.OneOf(
        ArbMap.Default.GeneratorFor<char>(),
        Gen.Elements("the in </s>▁<0x41> \n\r\t'a1".ToCharArray()),
        Gen.Choose(0xD800, 0xDFFF).Select(c => (char)c)).ListOf().Select(c => new string([.. c]));

    private static Config Times(int count) => Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(23, 29);

    [Fact]
    public void Decode_OfEncode_IsTheTextWithLoneSurrogatesReplaced() =>
        Prop.ForAll(Texts.ToArbitrary(), text =>
        {
            string expected = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            foreach (ITokenizer tokenizer in s_byteLevel)
            {
                tokenizer.Decode([.. tokenizer.Encode(text)]).ShouldBe(expected);
                tokenizer.Decode([.. tokenizer.Encode(text, SpecialTokens.Match)]).ShouldBe(expected);
            }
        }).Check(Times(2000));

    [Fact]
    public void Decode_OfEncode_SentencePieceLosesOnlyMetaspaces() =>
        Prop.ForAll(Texts.ToArbitrary(), text =>
            s_sentencePiece.Decode([.. s_sentencePiece.Encode(text)]).ShouldBe(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('▁', ' ')))
            .Check(Times(2000));

    [Fact]
    public void Push_AnyIds_IsTheSameAsDecodingAtOnceAndNeverHalfACharacter()
    {
        foreach (ITokenizer tokenizer in (ITokenizer[])[.. s_byteLevel, s_sentencePiece])
        {
            Prop.ForAll(Gen.Choose(-2, tokenizer.VocabularySize + 2).ListOf().ToArbitrary(), Gen.Elements(true, false).ToArbitrary(), (ids, skip) =>
            {
                Utf8TokenDecoder decoder = tokenizer.StartDecoding(skip);
                string[] pieces = [.. ids.Select(decoder.Push), decoder.Flush()];
                string.Concat(pieces).ShouldBe(tokenizer.Decode([.. ids], skip));
                foreach (string piece in pieces)
                {
                    piece.EnumerateRunes().Sum(r => r.Utf16SequenceLength).ShouldBe(piece.Length);
                    Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(piece)).ShouldBe(piece);
                }
            }).Check(Times(1000));
        }
    }

    [Fact]
    public void Encode_TrustedOnly_IsTheSameInOneOrManySegments() =>
        Prop.ForAll(Texts.Where(IsWellFormed).ListOf().ToArbitrary(), parts =>
        {
            ITokenizer tokenizer = s_byteLevel[0];
            tokenizer.Encode([.. parts.Select(p => new TextSegment(p, true))]).ShouldBe(tokenizer.Encode(string.Concat(parts), SpecialTokens.Match));
            tokenizer.Encode([.. parts.Select(p => new TextSegment(p, false))]).ShouldBe(tokenizer.Encode(string.Concat(parts), SpecialTokens.AsText));
        }).Check(Times(1000));

    [Fact]
    public void Encode_UntrustedText_NeverYieldsASpecialToken() =>
        Prop.ForAll(Gen.Elements("<s>", "</s>", "<", "s", ">", "/", " ", "the").ListOf().ToArbitrary(), parts =>
        {
            string text = string.Concat(parts);
            foreach (ITokenizer tokenizer in (ITokenizer[])[.. s_byteLevel, s_sentencePiece])
            {
                tokenizer.Encode(text).Where(tokenizer.IsSpecial).ShouldBeEmpty();
                IReadOnlyList<int> ids = tokenizer.Encode([new TextSegment("<s>", true), new TextSegment(text, false), new TextSegment("</s>", true)]);
                ids.Where(tokenizer.IsSpecial).Select(tokenizer.TokenText).ShouldBe(["<s>", "</s>"]);
            }
        }).Check(Times(1000));

    private static bool IsWellFormed(string text) => text.All(c => !char.IsSurrogate(c));

    private static JsonObject WithPattern(string pattern)
    {
        JsonObject json = ByteLevel();
        json["pre_tokenizer"] = new JsonObject
        {
            ["type"] = "Sequence",
            ["pretokenizers"] = new JsonArray(
                new JsonObject { ["type"] = "Split", ["pattern"] = new JsonObject { ["Regex"] = pattern }, ["behavior"] = "Isolated", ["invert"] = false },
                new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["use_regex"] = false }),
        };
        return json;
    }
}
