namespace SkPeft.Engine.Scheduling;

/// <summary>What the requests of one adapter do now, and have run since the model was opened.</summary>
/// <param name="Adapter">The adapter's name; empty for the bare base.</param>
/// <param name="Running">Requests that take part in steps.</param>
/// <param name="Waiting">Requests that wait to be let in.</param>
/// <param name="PromptTokens">Tokens of prompts that were run; those found in the prefix cache are not among them.</param>
/// <param name="AnswerTokens">Tokens of answers that were run.</param>
public sealed record AdapterActivity(string Adapter, int Running, int Waiting, long PromptTokens, long AnswerTokens);
