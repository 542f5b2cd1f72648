namespace SkPeft.Engine.Sampling;

/// <summary>A chosen token.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProbability">Its natural log-probability under the model, before penalties and temperature; NaN where none was asked for.</param>
/// <param name="Top">The most probable tokens, best first; empty where none were asked for.</param>
public readonly record struct SampledToken(int Id, double LogProbability, IReadOnlyList<TokenLogProbability> Top);

/// <summary>A token and its log-probability.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProbability">Its natural log-probability.</param>
public readonly record struct TokenLogProbability(int Id, double LogProbability);
