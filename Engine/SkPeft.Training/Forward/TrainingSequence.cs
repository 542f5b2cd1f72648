using SkPeft.Engine.Adapters;

namespace SkPeft.Training.Forward;

/// <summary>One sequence of a training batch.</summary>
/// <param name="Effects">The effects of the adapter that it trains.</param>
/// <param name="Ids">Its tokens, prompt and completion.</param>
/// <param name="PromptLength">How many of the first tokens are the instruction.</param>
/// <param name="LossFrom">The first token that is predicted for a loss, 1 … n; the tokens before it carry none.</param>
internal sealed record TrainingSequence(EffectIndex Effects, ReadOnlyMemory<int> Ids, int PromptLength, int LossFrom);
