using SkPeft.Http.Answers;

namespace SkPeft.Http.Metrics;

/// <summary>Measures one answer: when its first piece came, and how many tokens it took.</summary>
/// <remarks>Modules are named by exact version, which the store bounds; what a request calls them is anybody's text.</remarks>
internal sealed class AnswerMeter(HttpMeters meters, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private string? _module;

    /// <summary>A piece came, by this module.</summary>
    public void Piece(string? module)
    {
        if (_module is null)
        {
            _module = module ?? "";
            meters.FirstToken(_module, time.GetElapsedTime(_start));
        }
    }

    public void End(Usage usage) => meters.Tokens(_module ?? "", usage.PromptTokens, usage.CompletionTokens);
}
