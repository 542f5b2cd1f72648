using SkPeft.Http.Answers;

namespace SkPeft.Http.Metrics;

/// <summary>Measures the answers of one request: when the first piece came, and how many tokens they took.</summary>
/// <remarks>Modules are named by exact version, which the store bounds; what a request calls them is anybody's text.</remarks>
internal sealed class AnswerMeter(HttpMeters meters, TimeProvider time, int answers)
{
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _first;
    private string? _module;

    /// <summary>A piece came, by this module.</summary>
    public void Piece(string? module)
    {
        if (_module is null)
        {
            _module = module ?? "";
            _first = time.GetElapsedTime(_start);
            meters.FirstToken(_module, _first);
        }
    }

    public void End(Usage usage)
    {
        meters.Tokens(_module ?? "", usage.PromptTokens, usage.CompletionTokens);
        TimeSpan whole = time.GetElapsedTime(_start);

        // The tokens of several answers come side by side: the time between them says nothing about any one of them.
        meters.Recent.Add(_first, whole, answers == 1 && usage.CompletionTokens > 1 ? (whole - _first) / (usage.CompletionTokens - 1) : null);
    }
}
