using SkPeft.Engine.Sampling;

namespace SkPeft.Engine.Generation;

/// <summary>One step of an answer.</summary>
/// <param name="Token">The token; null in a last update that only brings held-back text.</param>
/// <param name="Text">The text that became certain with this step: whole characters, nothing that may still turn into a stop text.</param>
/// <param name="Finish">Why the answer ended, in the last update; else null.</param>
/// <param name="Timings">Measured times, in the last update; else null.</param>
public sealed record GenerationUpdate(SampledToken? Token, string Text, FinishReason? Finish, GenerationTimings? Timings);

/// <summary>Measured times of a request.</summary>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="Prefill">Time for the prompt, up to the first logits.</param>
/// <param name="DecodedTokens">Tokens generated after the first.</param>
/// <param name="Decode">Time for these.</param>
/// <param name="Seed">The seed that repeats this answer.</param>
public sealed record GenerationTimings(int PromptTokens, TimeSpan Prefill, int DecodedTokens, TimeSpan Decode, long Seed)
{
    /// <summary>Prompt tokens a second.</summary>
    public double PrefillTokensPerSecond => Rate(PromptTokens, Prefill);

    /// <summary>Generated tokens a second, without the first; 0 where there was only one.</summary>
    public double DecodeTokensPerSecond => Rate(DecodedTokens, Decode);

    private static double Rate(int count, TimeSpan time) => time <= TimeSpan.Zero ? 0 : count / time.TotalSeconds;
}
