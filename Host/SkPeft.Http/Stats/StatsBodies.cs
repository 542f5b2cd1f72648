namespace SkPeft.Http.Stats;

/// <summary>What the server does now, and has done for five minutes.</summary>
/// <param name="At">When this was read.</param>
/// <param name="Engine">Requests and tokens.</param>
/// <param name="Modules">The same by module, the busiest first.</param>
/// <param name="Latency">How long answers took.</param>
/// <param name="Memory">Who has how much.</param>
/// <param name="History">One point every two seconds, the oldest first.</param>
internal sealed record StatsBody(
    DateTimeOffset At, EngineBody Engine, IReadOnlyList<ModuleBody> Modules, LatencyBody Latency, MemoryBody Memory, IReadOnlyList<HistoryPoint> History);

/// <summary>Requests and tokens.</summary>
/// <param name="Running">Requests that take part in steps.</param>
/// <param name="MaxRunning">How many may.</param>
/// <param name="Waiting">Requests that wait.</param>
/// <param name="MaxQueue">How many may.</param>
/// <param name="PromptTokens">Tokens of prompts that were run since the model was opened.</param>
/// <param name="AnswerTokens">Tokens of answers.</param>
/// <param name="FoundTokens">Tokens of prompts that were found in the prefix cache instead.</param>
/// <param name="Preemptions">Requests that had to give way for a while.</param>
internal sealed record EngineBody(int Running, int MaxRunning, int Waiting, int MaxQueue, long PromptTokens, long AnswerTokens, long FoundTokens, long Preemptions);

/// <summary>What one module does; rates over the last half minute.</summary>
/// <param name="Module">The exact version, several of them (<c>a@1+b@2</c>), or <c>base</c>.</param>
/// <param name="Method">Its <c>peft_type</c>; null for the base, and where the store has it no more.</param>
/// <param name="Running">Its requests in steps.</param>
/// <param name="Waiting">Its requests in the queue.</param>
/// <param name="PromptTokens">Tokens of its prompts since the model was opened.</param>
/// <param name="AnswerTokens">Tokens of its answers.</param>
/// <param name="PromptTokensPerSecond">Tokens of prompts a second.</param>
/// <param name="AnswerTokensPerSecond">Tokens of answers a second.</param>
internal sealed record ModuleBody(
    string Module, string? Method, int Running, int Waiting, long PromptTokens, long AnswerTokens, double PromptTokensPerSecond, double AnswerTokensPerSecond);

/// <summary>How long answers took; null where none were measured.</summary>
/// <param name="WindowSeconds">How far back answers count.</param>
/// <param name="Answers">How many there were.</param>
/// <param name="FirstToken">To the first piece.</param>
/// <param name="PerToken">Between two tokens behind it.</param>
/// <param name="Answer">To the last piece.</param>
internal sealed record LatencyBody(double WindowSeconds, int Answers, Percentiles? FirstToken, Percentiles? PerToken, Percentiles? Answer);

/// <summary>Who has how much memory, in bytes.</summary>
/// <param name="Process">The whole process.</param>
/// <param name="Managed">Objects of .NET among it.</param>
/// <param name="Model">The model's weight files, of which the system keeps what is used.</param>
/// <param name="KeyValues">Keys and values.</param>
/// <param name="Adapters">Modules in memory.</param>
/// <param name="Scratch">Activations, logits and packed inputs: room for the largest step so far.</param>
/// <param name="Serving">What serving has added to the process: keys and values (held), modules and scratch.</param>
internal sealed record MemoryBody(long Process, long Managed, long Model, KeyValueBody KeyValues, AdapterMemoryBody Adapters, long Scratch, long Serving);

/// <summary>Pages of keys and values, in bytes.</summary>
/// <param name="Used">Those of requests and of the prefix cache.</param>
/// <param name="Cached">Those of the prefix cache among them.</param>
/// <param name="Held">Taken from the system, free ones included.</param>
/// <param name="Most">What they may take.</param>
internal sealed record KeyValueBody(long Used, long Cached, long Held, long Most);

/// <summary>Modules in memory.</summary>
/// <param name="Resident">Bytes of all.</param>
/// <param name="Budget">Bytes that they may take.</param>
/// <param name="Count">How many there are.</param>
internal sealed record AdapterMemoryBody(long Resident, long Budget, int Count);

/// <summary>Two seconds of the past.</summary>
/// <param name="At">Their end.</param>
/// <param name="Running">Requests in steps, then.</param>
/// <param name="Waiting">Requests in the queue, then.</param>
/// <param name="PromptTokensPerSecond">Tokens of prompts a second.</param>
/// <param name="AnswerTokensPerSecond">Tokens of answers a second.</param>
/// <param name="ProcessBytes">The process in memory.</param>
internal sealed record HistoryPoint(DateTimeOffset At, int Running, int Waiting, double PromptTokensPerSecond, double AnswerTokensPerSecond, long ProcessBytes);
