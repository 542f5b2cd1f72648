using SkPeft.Engine.Adapters;

namespace SkPeft.Engine.Models.Llama;

/// <summary>The rows of a step that one adapter's effects touch.</summary>
/// <param name="Plan">The effects.</param>
/// <param name="First">The first row.</param>
/// <param name="Count">How many rows.</param>
internal readonly record struct PlanRows(EffectPlan Plan, int First, int Count);
