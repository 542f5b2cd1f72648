namespace SkPeft.Engine.Scheduling;

/// <summary>Who asks, how urgently, and for how long.</summary>
/// <param name="Tenant">Whose share of the engine it uses: a skill, an adapter, a customer.</param>
/// <param name="Priority">Higher ones are let in first, and take the place of lower ones.</param>
/// <param name="Deadline">The time that the answer may take from now on, or null.</param>
internal sealed record JobTerms(string Tenant = "", int Priority = 0, TimeSpan? Deadline = null);
