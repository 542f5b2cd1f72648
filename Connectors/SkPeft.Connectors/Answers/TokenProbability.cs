namespace SkPeft.Connectors.Answers;

/// <summary>A generated token with its log-probability; lists of these are in AdditionalProperties <c>logprobs</c> where <c>top_logprobs</c> asked for them.</summary>
/// <param name="Token">Its text.</param>
/// <param name="Id">Its id.</param>
/// <param name="LogProbability">Its natural log-probability under the model.</param>
/// <param name="Top">The most probable tokens at this step, best first.</param>
public sealed record TokenProbability(string Token, int Id, double LogProbability, IReadOnlyList<TokenProbability> Top)
{
    /// <summary>The key under which they are found.</summary>
    public const string PropertyName = "logprobs";
}
