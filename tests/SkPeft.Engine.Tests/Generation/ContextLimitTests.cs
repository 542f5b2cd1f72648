using SkPeft.Engine.Generation;
using SkPeft.Engine.Sampling;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Generation;

public sealed class ContextLimitTests : IDisposable
{
    private readonly SmallEngine _engine = new(context: 20);

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task MaxTokens_ThatExactlyFits_IsGenerated() => (await _engine.GreedyAsync(SmallEngine.Text(12), 8)).Length.ShouldBe(8);

    [Fact]
    public async Task MaxTokens_OneTooMany_SaysHowManyFit()
    {
        ContextLengthException error = await Should.ThrowAsync<ContextLengthException>(() => _engine.GreedyAsync(SmallEngine.Text(12), 9));
        (error.Needed, error.Limit).ShouldBe((21, 20));
        error.Message.ShouldContain("at most 8 tokens");
        error.Message.ShouldContain("Shorten the prompt");
    }

    [Fact]
    public async Task MaxTokens_BeyondAllNumbers_IsTheSameError()
    {
        ContextLengthException error = await Should.ThrowAsync<ContextLengthException>(() => _engine.GreedyAsync(SmallEngine.Text(12), int.MaxValue));
        error.Needed.ShouldBeGreaterThan(20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task MaxTokens_BelowOne_IsRefusedByName(int tokens) =>
        (await Should.ThrowAsync<InvalidOptionException>(() => _engine.GreedyAsync([1], tokens))).Option.ShouldBe("max_tokens");

    [Fact]
    public async Task Prompt_ThatLeavesNoRoom_IsRefused_WithoutAskingForFewerTokens()
    {
        ContextLengthException error = await Should.ThrowAsync<ContextLengthException>(() => _engine.GreedyAsync(SmallEngine.Text(20), 1));
        error.Message.ShouldNotContain("at most");
        error.Message.ShouldContain("Shorten the prompt");
    }

    [Fact]
    public async Task MaxTokens_NotGiven_FillsTheContext()
    {
        List<GenerationUpdate> updates = await UpdatesAsync(new GenerationRequest { Prompt = SmallEngine.Text(6) });
        updates.Count.ShouldBe(14);
        updates[^1].Finish.ShouldBe(FinishReason.Length);
        updates[..^1].ShouldAllBe(u => u.Finish == null && u.Timings == null);
        GenerationTimings timings = updates[^1].Timings!;
        (timings.PromptTokens, timings.DecodedTokens).ShouldBe((6, 13));
    }

    [Fact]
    public async Task VirtualTokens_TakePositionsToo()
    {
        ModelSizes s = _engine.Reference.Shape.Sizes;
        Random random = new(1);
        using ILoadedAdapter adapter = await _engine.LoadAsync(
            new PromptEmbeddingsEffect(RandomTensors.Normal(random, 1, 3, s.HiddenSize)),
            new KeyValuePrefixEffect(0, RandomTensors.Normal(random, 1, 2, s.KeyValueWidth), RandomTensors.Normal(random, 1, 2, s.KeyValueWidth)),
            new KeyValuePrefixEffect(1, RandomTensors.Normal(random, 1, 2, s.KeyValueWidth), RandomTensors.Normal(random, 1, 2, s.KeyValueWidth)));
        (await _engine.GreedyAsync(SmallEngine.Text(12), 3, adapter)).Length.ShouldBe(3);
        ContextLengthException error = await Should.ThrowAsync<ContextLengthException>(() => _engine.GreedyAsync(SmallEngine.Text(12), 4, adapter));
        error.Needed.ShouldBe(21);
        error.Message.ShouldContain("at most 3 tokens");
        await Should.ThrowAsync<ContextLengthException>(() => _engine.LogitsAsync(SmallEngine.Text(16), adapter));
        (await _engine.LogitsAsync(SmallEngine.Text(15), adapter)).Length.ShouldBe(15);
    }

    [Fact]
    public async Task Logits_OfAPromptThatFillsTheContext_AreGiven_AndOneMoreIsRefused()
    {
        (await _engine.LogitsAsync(SmallEngine.Text(20))).Length.ShouldBe(20);
        await Should.ThrowAsync<ContextLengthException>(() => _engine.LogitsAsync(SmallEngine.Text(21)));
    }

    [Fact]
    public async Task EndIds_EndTheAnswer_WithTheTokenInIt()
    {
        int[] greedy = await _engine.GreedyAsync(SmallEngine.Text(4), 10);
        int end = greedy[2];
        List<GenerationUpdate> updates = await UpdatesAsync(new GenerationRequest { Prompt = SmallEngine.Text(4), EndIds = new HashSet<int> { end } });
        int count = Array.IndexOf(greedy, end) + 1;
        updates.Count.ShouldBe(count);
        updates[^1].Token!.Value.Id.ShouldBe(end);
        updates[^1].Finish.ShouldBe(FinishReason.Stop);
    }

    [Theory]
    [InlineData(new int[0], "prompt", "at least one token")]
    [InlineData(new[] { 0, 37 }, "token id", "0 to 36")]
    [InlineData(new[] { -1 }, "token id", "0 to 36")]
    public async Task Prompt_ThatIsNone_IsRefusedByName(int[] prompt, string option, string expected)
    {
        InvalidOptionException error = await Should.ThrowAsync<InvalidOptionException>(() => _engine.GreedyAsync(prompt, 1));
        error.Option.ShouldBe(option);
        error.Message.ShouldContain(expected);
        await Should.ThrowAsync<InvalidOptionException>(async () => await _engine.Engine.ScoreAsync(prompt, [1, 2], null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(-2)]
    public async Task InstructionTokens_OutsideThePrompt_AreRefused(int tokens) =>
        (await Should.ThrowAsync<InvalidOptionException>(() => UpdatesAsync(new GenerationRequest { Prompt = [1, 2, 3, 4], InstructionTokens = tokens })))
            .Option.ShouldBe("instruction tokens");

    [Fact]
    public async Task Options_OutOfRange_AreRefusedBeforeAnythingRuns()
    {
        GenerationRequest request = new() { Prompt = [1], Sampling = new SamplingOptions { TopP = 3 } };
        (await Should.ThrowAsync<InvalidOptionException>(() => UpdatesAsync(request))).Option.ShouldBe("top_p");
        _engine.Pages.Bytes.ShouldBe(0);
    }

    [Fact]
    public async Task Stop_WithoutATokenizer_IsRefused_NotDropped() =>
        (await Should.ThrowAsync<InvalidOptionException>(() => UpdatesAsync(new GenerationRequest { Prompt = [1], Stop = ["x"] }))).Option.ShouldBe("stop");

    [Fact]
    public async Task Score_IsTheSumOfTheChain()
    {
        int[] prompt = [3, 1, 4];
        int[] answer = [1, 5, 9];
        double[] scores = await _engine.Engine.ScoreAsync(prompt, answer, null, cancellationToken: TestContext.Current.CancellationToken);
        float[][] logits = await _engine.LogitsAsync([.. prompt, .. answer]);
        for (int i = 0; i < answer.Length; i++)
        {
            double[] weights = [.. logits[2 + i].Select(l => Math.Exp(l))];
            scores[i].ShouldBe(Math.Log(weights[answer[i]] / weights.Sum()), 1e-5);
        }

        (await Should.ThrowAsync<InvalidOptionException>(async () => await _engine.Engine.ScoreAsync(prompt, [], null))).Option.ShouldBe("answer");
    }

    [Fact]
    public async Task Seed_RepeatsTheText_AndTheTimingsNameIt()
    {
        GenerationRequest request = new() { Prompt = [3, 1], MaxTokens = 15, Sampling = new SamplingOptions { Temperature = 3, TopP = 0.95f } };
        List<GenerationUpdate> first = await UpdatesAsync(request);
        long seed = first[^1].Timings!.Seed;
        List<GenerationUpdate> again = await UpdatesAsync(request with { Sampling = request.Sampling with { Seed = seed } });
        again.Select(u => u.Token!.Value.Id).ShouldBe(first.Select(u => u.Token!.Value.Id));
        List<GenerationUpdate> other = await UpdatesAsync(request with { Sampling = request.Sampling with { Seed = seed + 1 } });
        other.Select(u => u.Token!.Value.Id).ShouldNotBe(first.Select(u => u.Token!.Value.Id));
    }

    private async Task<List<GenerationUpdate>> UpdatesAsync(GenerationRequest request)
    {
        List<GenerationUpdate> updates = [];
        await foreach (GenerationUpdate update in _engine.Engine.GenerateAsync(request))
        {
            updates.Add(update);
        }

        return updates;
    }
}
