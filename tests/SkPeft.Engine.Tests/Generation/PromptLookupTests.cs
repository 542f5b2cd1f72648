using SkPeft.Engine.Generation;
using SkPeft.Engine.Sampling;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Generation;

/// <summary>Guesses from the text itself: never another answer, fewer steps where they are right.</summary>
public sealed class PromptLookupTests : IDisposable
{
    private readonly SmallEngine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(new[] { 1, 2, 3, 4, 5, 9, 2, 3 }, 3, new[] { 4, 5, 9 })]
    [InlineData(new[] { 1, 2, 3, 4, 5, 9, 2, 3 }, 99, new[] { 4, 5, 9, 2, 3 })]
    [InlineData(new[] { 7, 7, 7 }, 2, new[] { 7 })]
    [InlineData(new[] { 5, 1, 2, 6, 1, 2, 8, 1, 2 }, 1, new[] { 8 })]
    [InlineData(new[] { 4, 5, 1, 2, 6, 9, 5, 1, 2 }, 1, new[] { 6 })]
    [InlineData(new[] { 1, 2, -1, 4, 1, 2 }, 4, new int[0])]
    [InlineData(new[] { 1, 2, 3 }, 4, new int[0])]
    [InlineData(new[] { 1, 2, 1, 2 }, 0, new int[0])]
    [InlineData(new[] { 1 }, 4, new int[0])]
    public void AGuess_IsWhatFollowedTheLongestLastMatch(int[] text, int most, int[] expected) => PromptLookup.Guess([.. text], most).ShouldBe(expected);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(5, 0)]
    [InlineData(16, 0)]
    [InlineData(4, 1.5)]
    public async Task TheAnswer_IsTheSame(int guesses, double temperature)
    {
        for (int seed = 0; seed < 6; seed++)
        {
            GenerationRequest request = new()
            {
                Prompt = [.. SmallEngine.Text(9, seed), .. SmallEngine.Text(9, seed)], MaxTokens = 60, EndIds = new HashSet<int> { 3 },
                Sampling = new SamplingOptions { Temperature = (float)temperature, TopK = 4, Seed = 5, RepetitionPenalty = 1.05f },
            };
            (await TokensAsync(request with { PromptLookup = guesses })).ShouldBe(await TokensAsync(request));
        }

        (long guessed, long confirmed) = (_engine.Engine.Statistics.GuessedTokens, _engine.Engine.Statistics.ConfirmedTokens);
        guessed.ShouldBeGreaterThan(confirmed);
        confirmed.ShouldBeGreaterThan(0, "a small model repeats itself");
        _engine.Pages.InUse.ShouldBe(0);
    }

    [Fact]
    public async Task TheAnswer_IsTheSame_BehindAPrefixAndSoftTokens_AndAtItsLimit()
    {
        using ILoadedAdapter adapter = await _engine.LoadAsync(
            new KeyValuePrefixEffect(0, Normal(1, 3, 8), Normal(2, 3, 8)), new KeyValuePrefixEffect(1, Normal(3, 3, 8), Normal(4, 3, 8)), new PromptEmbeddingsEffect(Normal(5, 2, 16)));
        foreach (int limit in new[] { 1, 2, 3, 17, 33, 64 })
        {
            GenerationRequest request = new() { Prompt = SmallEngine.Text(20), MaxTokens = limit, EndIds = new HashSet<int>(), Adapter = adapter };
            int[] expected = await TokensAsync(request);
            expected.Length.ShouldBe(limit);
            (await TokensAsync(request with { PromptLookup = 16 })).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task ManyAnswersTogether_DoNotGuess()
    {
        GenerationRequest request = new() { Prompt = SmallEngine.Text(20), MaxTokens = 40, EndIds = new HashSet<int>(), PromptLookup = 4 };
        int[] expected = await TokensAsync(request);
        long alone = _engine.Engine.Statistics.GuessedTokens;
        alone.ShouldBeGreaterThan(0);
        int[][] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TokensAsync(request)));
        all.ShouldAllBe(a => a.SequenceEqual(expected));
    }

    [Fact]
    public async Task TooManyGuesses_AreRefused() =>
        (await Should.ThrowAsync<InvalidOptionException>(() => TokensAsync(new GenerationRequest { Prompt = [1], PromptLookup = 17 }))).Message.ShouldContain("0 to 16");

    private static Tensor Normal(int seed, params int[] shape) => RandomTensors.Normal(new Random(seed), 1, shape);

    private async Task<int[]> TokensAsync(GenerationRequest request)
    {
        List<int> ids = [];
        await foreach (GenerationUpdate update in _engine.Engine.GenerateAsync(request))
        {
            ids.Add(update.Token!.Value.Id);
        }

        return [.. ids];
    }
}
