using SkPeft.Engine.Sampling;

namespace SkPeft.Engine.Tests.Sampling;

public sealed class SamplingOptionsTests
{
    public static TheoryData<string, SamplingOptions> Bad => new()
    {
        { "temperature", new() { Temperature = -0.1f } },
        { "temperature", new() { Temperature = float.NaN } },
        { "temperature", new() { Temperature = float.PositiveInfinity } },
        { "temperature", new() { Temperature = 100.1f } },
        { "top_k", new() { TopK = -1 } },
        { "top_p", new() { TopP = 0 } },
        { "top_p", new() { TopP = 1.01f } },
        { "top_p", new() { TopP = float.NaN } },
        { "min_p", new() { MinP = -0.01f } },
        { "min_p", new() { MinP = 1.01f } },
        { "typical_p", new() { Typical = 0 } },
        { "typical_p", new() { Typical = 2 } },
        { "repetition_penalty", new() { RepetitionPenalty = 0 } },
        { "repetition_penalty", new() { RepetitionPenalty = float.PositiveInfinity } },
        { "presence_penalty", new() { PresencePenalty = float.NaN } },
        { "frequency_penalty", new() { FrequencyPenalty = -101 } },
        { "top_logprobs", new() { TopLogProbs = -1 } },
        { "top_logprobs", new() { TopLogProbs = 11 } },
        { "logit_bias token", new() { LogitBias = new Dictionary<int, float> { [10] = 1 } } },
        { "logit_bias token", new() { LogitBias = new Dictionary<int, float> { [-1] = 1 } } },
        { "logit_bias value", new() { LogitBias = new Dictionary<int, float> { [1] = float.NaN } } },
        { "logit_bias value", new() { LogitBias = new Dictionary<int, float> { [1] = float.PositiveInfinity } } },
    };

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void Validate_OutOfRange_NamesTheOption(string name, SamplingOptions options)
    {
        InvalidOptionException error = Should.Throw<InvalidOptionException>(() => options.Validate(10));
        error.Option.ShouldBe(name);
        error.Message.ShouldContain("expected");
    }

    [Fact]
    public void Validate_TheEdges_AreAccepted() => new SamplingOptions
    {
        Temperature = 100,
        TopK = int.MaxValue,
        TopP = float.Epsilon,
        MinP = 1,
        Typical = float.Epsilon,
        RepetitionPenalty = 100,
        PresencePenalty = -100,
        FrequencyPenalty = 100,
        TopLogProbs = 10,
        LogitBias = new Dictionary<int, float> { [0] = float.NegativeInfinity, [9] = float.MaxValue },
        Seed = long.MinValue,
    }.Validate(10);
}
