using SkPeft.Engine.Generation;
using SkPeft.Engine.Sampling;
using SkPeft.Engine.Tests.Tokenization;
using SkPeft.Engine.Tokenization;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Generation;

/// <summary>Texts of answers through a byte-level tokenizer: every token is a byte or a few.</summary>
public sealed class AnswerTextTests
{
    private readonly ITokenizer _tokenizer = SmallTokenizers.Open(SmallTokenizers.ByteLevel());

    [Fact]
    public void HalfACharacter_IsNeverShown()
    {
        AnswerText text = new(_tokenizer, []);
        int[] ids = Bytes("é€");
        ids.Select(text.Push).ShouldBe(["", "é", "", "", "€"]);
        text.Flush().ShouldBe("");
    }

    [Fact]
    public void Flush_ShowsAHalfCharacterAsTheReplacement()
    {
        AnswerText text = new(_tokenizer, []);
        text.Push(Bytes("€")[0]).ShouldBe("");
        text.Flush().ShouldBe("\uFFFD");
    }

    [Fact]
    public void Stop_AcrossTokensAndInsideACharacter_IsFound()
    {
        AnswerText text = new(_tokenizer, ["b€"]);
        Bytes("ab€c").Select(text.Push).ShouldBe(["a", "", "", "", "", ""]);
        text.Stopped.ShouldBeTrue();
        text.Flush().ShouldBe("");
    }

    [Fact]
    public void Stop_WithinOneToken_CutsIt()
    {
        // " the" is one token.
        AnswerText text = new(_tokenizer, ["h"]);
        text.Push(_tokenizer.Encode(" the", SpecialTokens.Match).ShouldHaveSingleItem()).ShouldBe(" t");
        text.Stopped.ShouldBeTrue();
    }

    [Fact]
    public void TokensWithoutText_ShowNothing()
    {
        AnswerText text = new(_tokenizer, []);
        text.Push(260).ShouldBe("");
        text.Push(9999).ShouldBe("");
        text.Push(Bytes("x")[0]).ShouldBe("x");
    }

    [Fact]
    public async Task Generate_WithAStop_ShowsTheTextBeforeIt_InWhateverTokens()
    {
        using SmallEngine engine = new(ReferenceLlama.Random(SmallEngine.Sizes(264), 8), _tokenizer);
        GenerationRequest request = new()
        {
            Prompt = [70, 71, 72],
            MaxTokens = 60,
            EndIds = new HashSet<int>(),
            Sampling = new SamplingOptions { Temperature = 1, Seed = 4, LogitBias = Enumerable.Range(0, 264).Where(i => i is < 65 or > 90).ToDictionary(i => i, _ => float.NegativeInfinity) },
        };
        (string whole, FinishReason? length) = await TextAsync(engine, request);
        whole.Length.ShouldBe(60);
        length.ShouldBe(FinishReason.Length);
        for (int at = 1; at < 55; at += 6)
        {
            string stop = whole.Substring(at, 4);
            (string text, FinishReason? finish) = await TextAsync(engine, request with { Stop = ["\0never", stop] });
            text.ShouldBe(whole[..whole.IndexOf(stop, StringComparison.Ordinal)]);
            finish.ShouldBe(FinishReason.Stop);
        }
    }

    [Fact]
    public async Task Generate_StoppedByTheLastAllowedToken_FinishesWithStop()
    {
        using SmallEngine engine = new(ReferenceLlama.Random(SmallEngine.Sizes(264), 8), _tokenizer);
        GenerationRequest request = new()
        {
            Prompt = [70],
            MaxTokens = 3,
            EndIds = new HashSet<int>(),
            Sampling = new SamplingOptions { LogitBias = new Dictionary<int, float> { [Bytes("Z")[0]] = 1e6f } },
            Stop = ["ZZZ"],
        };
        (string text, FinishReason? finish) = await TextAsync(engine, request);
        text.ShouldBe("");
        finish.ShouldBe(FinishReason.Stop);
    }

    private static async Task<(string Text, FinishReason? Finish)> TextAsync(SmallEngine engine, GenerationRequest request)
    {
        string text = "";
        FinishReason? finish = null;
        await foreach (GenerationUpdate update in engine.Engine.GenerateAsync(request))
        {
            text += update.Text;
            finish = update.Finish;
        }

        return (text, finish);
    }

    private int[] Bytes(string text) => [.. System.Text.Encoding.UTF8.GetBytes(text).SelectMany(b => ByteIds(b))];

    private int[] ByteIds(byte value)
    {
        char spelled = SkPeft.Engine.Tokenization.Unicode.ByteAlphabet.Characters[value];
        return [Enumerable.Range(0, 256).Single(id => _tokenizer.TokenText(id) == spelled.ToString())];
    }
}
