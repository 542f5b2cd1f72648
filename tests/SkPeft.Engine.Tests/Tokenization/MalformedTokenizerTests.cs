using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using SkPeft.Engine.Tokenization;
using static SkPeft.Engine.Tests.Tokenization.SmallTokenizers;

namespace SkPeft.Engine.Tests.Tokenization;

public sealed class MalformedTokenizerTests
{
    [Theory]
    [InlineData("version", "\"2.0\"", "version")]
    [InlineData("model.type", "\"Unigram\"", "model.type")]
    [InlineData("model.type", "\"WordPiece\"", "model.type")]
    [InlineData("model.dropout", "0.1", "model.dropout")]
    [InlineData("model.continuing_subword_prefix", "\"##\"", "model.continuing_subword_prefix")]
    [InlineData("model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix")]
    [InlineData("normalizer", """{"type":"Precompiled","precompiled_charsmap":""}""", "normalizer.type")]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Nmt"}]}""", "normalizer.normalizers[1].type")]
    [InlineData("pre_tokenizer", """{"type":"BertPreTokenizer"}""", "pre_tokenizer.type")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"Regex":"(a)\\1"},"behavior":"Isolated","invert":false}""", "pre_tokenizer.pattern.Regex")]
    [InlineData("decoder", """{"type":"WordPiece","prefix":"##","cleanup":true}""", "decoder.type")]
    [InlineData("decoder", """{"type":"Sequence","decoders":[{"type":"Fuse"},{"type":"ByteFallback"}]}""", "decoder.decoders[1].type")]
    public void Open_WhatIsNotSupported_IsRefusedByName(string path, string value, string named) =>
        Should.Throw<UnsupportedModelException>(() => Open(With(ByteLevel(), path, value))).Option.ShouldBe(named);

    [Fact]
    public void Open_VocabularyThatCannotSpellEverything_IsRefused()
    {
        JsonObject json = SentencePiece();
        json["model"]!["unk_token"] = null;
        json["model"]!["byte_fallback"] = false;
        Should.Throw<UnsupportedModelException>(() => Open(json)).Option.ShouldBe("model.unk_token");
    }

    [Theory]
    [InlineData("version", "1", "version")]
    [InlineData("model", "null", "model")]
    [InlineData("model", "[]", "model")]
    [InlineData("model.vocab", "null", "model.vocab")]
    [InlineData("model.vocab", "{}", "model.merges[0]")]
    [InlineData("model.vocab", """[["a", 1]]""", "model.vocab")]
    [InlineData("model.vocab.a", "\"1\"", "model.vocab[\"a\"]")]
    [InlineData("model.vocab.a", "1.5", "model.vocab[\"a\"]")]
    [InlineData("model.vocab.a", "-1", "model.vocab[\"a\"]")]
    [InlineData("model.vocab.a", "2147483647", "model.vocab[\"a\"]")]
    [InlineData("model.vocab.a", "1e30", "model.vocab[\"a\"]")]
    [InlineData("model.vocab.a", "2147483646", "vocabulary")]
    [InlineData("model.vocab.zz", "7", "model.vocab")]
    [InlineData("model.merges", "null", "model.merges")]
    [InlineData("model.merges", "{}", "model.merges")]
    [InlineData("model.merges", """["a b"]""", "model.merges[0]")]
    [InlineData("model.merges", """["Ġ t", "a zz"]""", "model.merges[1]")]
    [InlineData("model.merges", """["Ġ"]""", "model.merges[0]")]
    [InlineData("model.merges", """["Ġ t x"]""", "model.merges[0]")]
    [InlineData("model.merges", """[["Ġ"]]""", "model.merges[0]")]
    [InlineData("model.merges", """[["Ġ", 1]]""", "model.merges[0][1]")]
    [InlineData("model.merges", "[7]", "model.merges[0]")]
    [InlineData("model.unk_token", "\"<nope>\"", "model.unk_token")]
    [InlineData("model.fuse_unk", "\"yes\"", "model.fuse_unk")]
    [InlineData("model.dropout", "\"no\"", "model.dropout")]
    [InlineData("added_tokens", "{}", "added_tokens")]
    [InlineData("added_tokens", "[3]", "added_tokens[0]")]
    [InlineData("added_tokens", """[{"content":"<s>"}]""", "added_tokens[0].id")]
    [InlineData("added_tokens", """[{"id":260}]""", "added_tokens[0].content")]
    [InlineData("added_tokens", """[{"id":7,"content":"<s>"}]""", "added_tokens[0].id")]
    [InlineData("added_tokens", """[{"id":7,"content":"<new>"}]""", "added_tokens[0].id")]
    [InlineData("added_tokens", """[{"id":2000000000,"content":"<new>"}]""", "vocabulary")]
    [InlineData("added_tokens", """[{"id":260,"content":"<s>"},{"id":260,"content":"<s>"}]""", "added_tokens[1].content")]
    [InlineData("added_tokens", """[{"id":260,"content":"<s>","special":1}]""", "added_tokens[0].special")]
    [InlineData("pre_tokenizer", "[]", "pre_tokenizer")]
    [InlineData("pre_tokenizer", "{}", "pre_tokenizer.type")]
    [InlineData("pre_tokenizer.add_prefix_space", "3", "pre_tokenizer.add_prefix_space")]
    [InlineData("pre_tokenizer", """{"type":"Sequence"}""", "pre_tokenizer.pretokenizers")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"String":""},"behavior":"Isolated"}""", "pre_tokenizer.pattern.String")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{},"behavior":"Isolated"}""", "pre_tokenizer.pattern")]
    [InlineData("pre_tokenizer", """{"type":"Split","pattern":{"String":"a"},"behavior":"Sideways"}""", "pre_tokenizer.behavior")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","replacement":"ab"}""", "pre_tokenizer.replacement")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","replacement":"▁","prepend_scheme":"often"}""", "pre_tokenizer.prepend_scheme")]
    [InlineData("decoder", """{"type":"Strip","content":"","start":1,"stop":0}""", "decoder.content")]
    [InlineData("decoder", """{"type":"Strip","content":" ","start":-1,"stop":0}""", "decoder.start")]
    public void Open_Malformed_NamesTheField(string path, string value, string field)
    {
        FileFormatException e = Should.Throw<FileFormatException>(() => Open(With(ByteLevel(), path, value)));
        e.Field.ShouldBe(field);
        e.File.ShouldEndWith("tokenizer.json");
        e.Found.ShouldNotBeEmpty();
        e.Expected.ShouldNotBeEmpty();
    }

    [Fact]
    public void Open_MissingByte_IsNamed()
    {
        JsonObject json = ByteLevel();
        ((JsonObject)json["model"]!["vocab"]!).Remove("Q");
        Should.Throw<FileFormatException>(() => Open(json)).Found.ShouldContain("0x51");

        json = SentencePiece();
        json["model"]!["unk_token"] = null;
        Open(json).Words("é").ShouldBe(["▁", "<0xC3>", "<0xA9>"]);
        ((JsonObject)json["model"]!["vocab"]!).Remove("<0xC3>");
        Should.Throw<FileFormatException>(() => Open(json)).Found.ShouldContain("<0xC3>");
    }

    [Fact]
    public void Open_TokenTwice_IsRefused() =>
        Should.Throw<FileFormatException>(() => Open(ByteLevel().ToJsonString().Replace("\"vocab\":{", "\"vocab\":{\"A\":500,"))).Found.ShouldBe("token \"A\" twice");

    [Fact]
    public void Open_NotJson_IsRefused()
    {
        Should.Throw<FileFormatException>(() => Open("")).Message.ShouldContain("JSON");
        Should.Throw<FileFormatException>(() => Open("{\"model\":")).Message.ShouldContain("line 1");
        Should.Throw<FileFormatException>(() => Open(new string('[', 100_000))).Message.ShouldContain("nested");
        Should.Throw<FileFormatException>(() => Open([.. "{\"version\":\""u8, 0xC3, 0x28, .. "\"}"u8])).Message.ShouldContain("UTF-8");
        Should.Throw<FileFormatException>(() => Open("""{"model":{"type":"BPE","vocab":{"\ud800":0},"merges":[]}}""")).Message.ShouldContain("surrogate");
        Should.Throw<FileFormatException>(() => Open("""{"version":"\udc00"}""")).Message.ShouldContain("surrogate");
        Should.Throw<FileFormatException>(() => Open("null"));
        Should.Throw<FileFormatException>(() => Open("[]"));
    }

    [Fact]
    public void Open_ByteOrderMark_IsSkipped() => Open([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(ByteLevel().ToJsonString())]).Words("the").ShouldBe(["t", "he"]);

    [Fact]
    public void Open_NoFile_SaysSo()
    {
        string nowhere = Path.Combine(Path.GetTempPath(), "skpeft-no-such-folder", "tokenizer.json");
        Should.Throw<FileAccessException>(() => TokenizerLoader.FromJsonFile(nowhere)).Message.ShouldContain(nowhere);
        Should.Throw<FileAccessException>(() => TokenizerLoader.Open(Path.ChangeExtension(nowhere, ".gguf"))).Message.ShouldContain("tokenizer.gguf");
    }

    [Fact]
    public void Open_MutatedFiles_RaiseNothingButOurOwnErrors()
    {
        byte[][] originals = [Encoding.UTF8.GetBytes(Small(ByteLevel())), Encoding.UTF8.GetBytes(Small(SentencePiece()))];
        Gen<(int At, int Kind, byte Value)[]> mutations =
            from list in Gen.Choose(0, int.MaxValue).SelectMany(at => Gen.Choose(0, 5).SelectMany(kind => Gen.Choose(0, 255).Select(v => (at, kind, (byte)v)))).NonEmptyListOf()
            select list.Take(4).ToArray();
        Prop.ForAll(mutations.ToArbitrary(), Gen.Choose(0, 1).ToArbitrary(), (changes, which) =>
        {
            List<byte> bytes = [.. originals[which]];
            foreach ((int at, int kind, byte value) in changes)
            {
                Mutate(bytes, at % bytes.Count, kind, value);
            }

            try
            {
                ITokenizer tokenizer = Open(bytes.ToArray());
                tokenizer.Decode([.. tokenizer.Encode("the <s> é👍 in a</s>", SpecialTokens.Match)]).ShouldNotBeNull();
            }
            catch (SkPeftException e)
            {
                e.Message.ShouldContain("tokenizer.json");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2500).WithReplay(31, 37));
    }

    private static void Mutate(List<byte> bytes, int at, int kind, byte value)
    {
        string[] snippets = ["null", "-1", "{}", "[]", "\"\"", "99999999999", "\\ud800", "true", "\"type\":\"Fuse\",", "},{"];
        switch (kind)
        {
            case 0:
                bytes[at] = value;
                break;
            case 1:
                bytes.RemoveRange(at, Math.Min(value % 16 + 1, bytes.Count - at - (at == 0 ? 1 : 0)));
                break;
            case 2:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(snippets[value % snippets.Length]));
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(value, bytes.Count - at)));
                break;
            case 4:
                // A value replaced by another one: the likeliest to stay well-formed JSON.
                int colon = bytes.IndexOf((byte)':', at);
                int end = colon < 0 ? -1 : bytes.FindIndex(colon, b => b is (byte)',' or (byte)'}' or (byte)']');
                if (end > 0)
                {
                    bytes.RemoveRange(colon + 1, end - colon - 1);
                    bytes.InsertRange(colon + 1, Encoding.UTF8.GetBytes(snippets[value % 8]));
                }

                break;
            default:
                bytes[at] ^= (byte)(1 << (value % 8));
                break;
        }

        if (bytes.Count == 0)
        {
            bytes.Add(value);
        }
    }

    /// <summary>Most of the alphabet goes to the end, so that mutations meet the interesting parts more often than not.</summary>
    private static string Small(JsonObject json)
    {
        JsonObject model = (JsonObject)json["model"]!.DeepClone();
        json.Remove("model");
        json["model"] = model;
        return json.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    private static JsonObject With(JsonObject json, string path, string value)
    {
        string[] names = path.Split('.');
        JsonObject at = json;
        foreach (string name in names[..^1])
        {
            at = (JsonObject)at[name]!;
        }

        at[names[^1]] = JsonNode.Parse(value);
        return json;
    }
}
