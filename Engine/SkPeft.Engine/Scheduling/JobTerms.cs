namespace SkPeft.Engine.Scheduling;

/// <summary>Who asks, how urgently, and for how long.</summary>
/// <param name="Tenant">Whose share of the engine it uses: a skill, an adapter, a customer.</param>
/// <param name="Priority">Higher ones are let in first, and take the place of lower ones.</param>
/// <param name="Deadline">The time that the answer may take, or null.</param>
/// <param name="Begun">When that time began, as a stopwatch counts; null: now.</param>
internal sealed record JobTerms(string Tenant = "", int Priority = 0, TimeSpan? Deadline = null, long? Begun = null);
