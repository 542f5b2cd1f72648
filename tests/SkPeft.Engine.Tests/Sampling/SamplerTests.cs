using SkPeft.Engine.Sampling;

namespace SkPeft.Engine.Tests.Sampling;

public sealed class SamplerTests
{
    private static readonly float[] s_logits = [1f, 3f, 2f, -1f, 3f];

    [Fact]
    public void Greedy_TakesTheFirstOfTheBest() => Next(new SamplingOptions(), s_logits).ShouldBe(1);

    [Fact]
    public void Greedy_IgnoresTheSeed() => Enumerable.Range(0, 9).Select(seed => Next(new SamplingOptions { Seed = seed }, s_logits)).ShouldAllBe(id => id == 1);

    [Fact]
    public void Draws_MatchTheProbabilities()
    {
        double[] expected = Softmax([1f, 3f, 2f, -1f, 3f], 1);
        Frequencies(new SamplingOptions { Temperature = 1 }, s_logits).ShouldFit(expected);
    }

    [Theory]
    [InlineData(0.5f)]
    [InlineData(2f)]
    [InlineData(100f)]
    public void Temperature_DividesTheLogits(float temperature) =>
        Frequencies(new SamplingOptions { Temperature = temperature }, s_logits).ShouldFit(Softmax(s_logits, temperature));

    [Fact]
    public void Filters_Together_LeaveTheRenormalisedRest()
    {
        // Of 0.4, 0.3, 0.2, 0.06, 0.04: top-k 4 drops the last, top-p 0.9 of the rest the fourth.
        float[] logits = [.. new[] { 0.06, 0.3, 0.04, 0.4, 0.2 }.Select(p => (float)Math.Log(p))];
        SamplingOptions options = new() { Temperature = 1, TopK = 4, TopP = 0.9f };
        Frequencies(options, logits).ShouldFit([0, 3.0 / 9, 0, 4.0 / 9, 2.0 / 9]);
        Frequencies(options with { MinP = 0.7f }, logits).ShouldFit([0, 3.0 / 7, 0, 4.0 / 7, 0]);
    }

    [Fact]
    public void Temperature_OfAlmostNothing_IsGreedyAndDoesNotOverflow()
    {
        SamplingOptions options = new() { Temperature = float.Epsilon, Seed = 1 };
        Next(options, [1e4f, 2e4f, -3e4f]).ShouldBe(1);
        Next(options with { TopP = 0.5f }, [1e4f, 2e4f, -3e4f]).ShouldBe(1);
    }

    [Fact]
    public void Seed_RepeatsTheDraws_AndAnotherSeedDoesNot()
    {
        int[] Draws(long seed)
        {
            Sampler sampler = new(new SamplingOptions { Temperature = 5, Seed = seed }, [], 5);
            return [.. Enumerable.Range(0, 40).Select(_ => sampler.Next(s_logits.AsSpan().ToArray()).Id)];
        }

        Draws(7).ShouldBe(Draws(7));
        Enumerable.Range(-5, 11).Select(seed => string.Join(' ', Draws(seed))).Distinct().Count().ShouldBe(11);
    }

    [Fact]
    public void Seed_ThatNobodyGave_IsReportedAndRepeats()
    {
        Sampler first = new(new SamplingOptions { Temperature = 5 }, [], 5);
        Sampler again = new(new SamplingOptions { Temperature = 5, Seed = first.Seed }, [], 5);
        for (int i = 0; i < 20; i++)
        {
            first.Next(s_logits.AsSpan().ToArray()).Id.ShouldBe(again.Next(s_logits.AsSpan().ToArray()).Id);
        }
    }

    [Fact]
    public void Seed_ThatNobodyGave_IsANumberThatJavaScriptKeeps()
    {
        long[] seeds = [.. Enumerable.Range(0, 200).Select(_ => new Sampler(new SamplingOptions(), [], 5).Seed)];

        seeds.ShouldAllBe(seed => (long)(double)seed == seed && seed >= 0 && seed < 1L << 53);
        seeds.Distinct().Count().ShouldBe(200);
    }

    [Fact]
    public void RepetitionPenalty_DividesPositiveAndMultipliesNegative_OfPromptAndAnswer()
    {
        Sampler sampler = new(new SamplingOptions { RepetitionPenalty = 2 }, [0, 3], 4);
        float[] logits = [4f, 3f, 2.5f, -1f];
        sampler.Next(logits).Id.ShouldBe(1);
        logits.ShouldBe([2f, 3f, 2.5f, -2f]);
        logits = [4f, 3f, 2.5f, -1f];
        sampler.Next(logits).Id.ShouldBe(2);
        logits.ShouldBe([2f, 1.5f, 2.5f, -2f]);
    }

    [Fact]
    public void RepetitionPenalty_Tiny_DoesNotOverflow() =>
        new Sampler(new SamplingOptions { RepetitionPenalty = 1e-38f }, [0], 2).Next(new float[] { 1e6f, 1f }).Id.ShouldBe(0);

    [Fact]
    public void PresenceAndFrequency_CountTheAnswerOnly()
    {
        Sampler sampler = new(new SamplingOptions { PresencePenalty = 0.5f, FrequencyPenalty = 0.25f }, [0, 0, 0], 3);
        float[] logits = [9f, 0f, 0f];
        sampler.Next(logits);
        logits.ShouldBe([9f, 0f, 0f]);
        logits = [9f, 0f, 0f];
        sampler.Next(logits);
        logits[0].ShouldBe(9f - 0.75f);
        logits = [9f, 0f, 0f];
        sampler.Next(logits);
        logits[0].ShouldBe(9f - 1f);
    }

    [Fact]
    public void LogitBias_IsAdded_AndMinusInfinityForbids()
    {
        Dictionary<int, float> bias = new() { [1] = float.NegativeInfinity, [0] = 2.5f };
        Next(new SamplingOptions { LogitBias = bias }, s_logits).ShouldBe(0);
        bias[0] = float.NegativeInfinity;
        double[] drawn = Frequencies(new SamplingOptions { LogitBias = bias, Temperature = 1 }, s_logits);
        drawn[0].ShouldBe(0);
        drawn[1].ShouldBe(0);
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(1f, 1f)]
    [InlineData(1f, 0.5f)]
    public void LogitBias_ThatForbidsAll_IsRefusedByName(float temperature, float topP)
    {
        SamplingOptions options = new() { Temperature = temperature, TopP = topP, LogitBias = new Dictionary<int, float> { [0] = float.NegativeInfinity, [1] = float.NegativeInfinity } };
        Should.Throw<InvalidOptionException>(() => Next(options, [1f, 2f])).Option.ShouldBe("logit_bias");
    }

    [Theory]
    [InlineData(float.NaN, 0f, 1f)]
    [InlineData(float.NaN, 1f, 1f)]
    [InlineData(float.NaN, 1f, 0.9f)]
    [InlineData(float.PositiveInfinity, 1f, 1f)]
    [InlineData(float.PositiveInfinity, 0f, 1f)]
    public void LogitsThatAreNoNumbers_AreAnErrorOfTheirOwn(float bad, float temperature, float topP)
    {
        SamplingOptions options = new() { Temperature = temperature, TopP = topP, Seed = 2 };
        Should.Throw<ModelOutputException>(() => Next(options, [3f, 1f, bad, 0f])).Message.ShouldContain("damaged");
    }

    [Fact]
    public void TopLogProbs_AreSorted_AndOfTheRawDistribution()
    {
        SamplingOptions options = new()
        {
            TopLogProbs = 3,
            Temperature = 7,
            Seed = 1,
            RepetitionPenalty = 3,
            LogitBias = new Dictionary<int, float> { [1] = -100, [4] = -100, [2] = -100, [3] = -100 },
        };
        SampledToken token = new Sampler(options, [0, 1], 5).Next(s_logits.AsSpan().ToArray());
        double[] raw = Softmax(s_logits, 1);
        token.Id.ShouldBe(0);
        token.LogProbability.ShouldBe(Math.Log(raw[0]), 1e-6);
        token.Top.Select(t => t.Id).ShouldBe([1, 4, 2]);
        token.Top.Select(t => t.LogProbability).ShouldBe([Math.Log(raw[1]), Math.Log(raw[4]), Math.Log(raw[2])], 1e-6);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 5)]
    public void TopLogProbs_OfNoneAndAll_GiveAsMany(int count, int expected)
    {
        SampledToken token = new Sampler(new SamplingOptions { TopLogProbs = count }, [], 5).Next(s_logits.AsSpan().ToArray());
        token.Top.Count.ShouldBe(expected);
        token.LogProbability.ShouldBe(Math.Log(Softmax(s_logits, 1)[1]), 1e-6);
    }

    [Fact]
    public void TopLogProbs_NotAskedFor_AreNotComputed() =>
        double.IsNaN(new Sampler(new SamplingOptions(), [], 5).Next(s_logits.AsSpan().ToArray()).LogProbability).ShouldBeTrue();

    private static int Next(SamplingOptions options, float[] logits) => new Sampler(options, [], logits.Length).Next(logits.AsSpan().ToArray()).Id;

    private static double[] Frequencies(SamplingOptions options, float[] logits)
    {
        const int Draws = 20_000;
        Sampler sampler = new(options with { Seed = 11 }, [], logits.Length);
        double[] counts = new double[logits.Length];
        for (int i = 0; i < Draws; i++)
        {
            counts[sampler.Next(logits.AsSpan().ToArray()).Id] += 1.0 / Draws;
        }

        return counts;
    }

    private static double[] Softmax(float[] logits, double temperature)
    {
        double[] weights = [.. logits.Select(l => Math.Exp(l / temperature))];
        return [.. weights.Select(w => w / weights.Sum())];
    }
}

/// <summary>Statistics of draws.</summary>
internal static class DrawAssertions
{
    /// <summary>Frequencies of 20 000 draws lie within five standard deviations of their probabilities.</summary>
    public static void ShouldFit(this double[] found, double[] expected)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double deviation = Math.Sqrt(expected[i] * (1 - expected[i]) / 20_000);
            found[i].ShouldBe(expected[i], (5 * deviation) + 1e-9, $"token {i}");
        }
    }
}
