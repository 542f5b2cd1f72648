using SkPeft.Engine.Adapters;

namespace SkPeft.Training.Forward;

/// <summary>Consecutive rows that one adapter's effects touch.</summary>
/// <param name="Effects">The effects.</param>
/// <param name="First">The first row.</param>
/// <param name="Count">How many rows.</param>
internal readonly record struct RowGroup(EffectIndex Effects, int First, int Count);
