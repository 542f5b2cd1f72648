using System.Text.Json;
using SkPeft.Engine.Tokenization;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Tokenization;

public sealed class GoldenTokenizerTests
{
    [Theory]
    [InlineData("gpt2", "gpt2")]
    [InlineData("smollm", "smollm")]
    [InlineData("llama3", "llama3")]
    [InlineData("qwen2", "qwen2")]
    [InlineData("spm", "spm-hf")]
    public void TokenizerJson_HardStrings_GiveTheReferencesIdsAndText(string folder, string expected) =>
        Compare(TokenizerLoader.FromJsonFile(SharedFolder.PathOf("golden", "tokenizers", folder, "tokenizer.json")), expected, SpecialTokens.Match);

    [Fact]
    public void Gguf_RealModelsVocabulary_GivesTheReferencesIdsAndText()
    {
        ITokenizer tokenizer = TokenizerLoader.Open(SharedFolder.PathOf("models", "smollm2-135m-instruct-q4_1.gguf"));
        Compare(tokenizer, "smollm2-gguf", SpecialTokens.Match);

        tokenizer.VocabularySize.ShouldBe(49152);
        tokenizer.TokenText(tokenizer.EosId!.Value).ShouldBe("<|im_end|>");
        tokenizer.EndOfGenerationIds.Select(tokenizer.TokenText).ShouldBe(["<|endoftext|>", "<|im_end|>"], ignoreOrder: true);
        tokenizer.ChatTemplate.ShouldNotBeNull().ShouldContain("<|im_start|>");
    }

    [Fact]
    public void Gguf_SentencePieceVocabulary_GivesTheSentencePieceLibrarysIds() =>
        Compare(TokenizerLoader.FromGguf(SentencePieceModel.Read(SharedFolder.PathOf("golden", "tokenizers", "spm", "tokenizer.model"))), "spm", SpecialTokens.AsText);

    internal static void Compare(ITokenizer tokenizer, string golden, SpecialTokens special)
    {
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.PathOf("golden", "tokenizers", $"{golden}.json")));
        int count = 0;
        foreach (JsonElement one in cases.RootElement.EnumerateArray())
        {
            string text = one.GetProperty("text").GetString()!;
            int[] ids = [.. one.GetProperty("ids").EnumerateArray().Select(i => i.GetInt32())];
            string decoded = one.GetProperty("decoded").GetString()!;
            tokenizer.Encode(text, special).ShouldBe(ids, text);
            tokenizer.Decode(ids).ShouldBe(decoded, text);

            Utf8TokenDecoder decoder = tokenizer.StartDecoding();
            (string.Concat(ids.Select(decoder.Push)) + decoder.Flush()).ShouldBe(decoded, text);
            count++;
        }

        count.ShouldBe(141);
    }
}
