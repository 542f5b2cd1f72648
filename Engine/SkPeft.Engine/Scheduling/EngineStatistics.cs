namespace SkPeft.Engine.Scheduling;

/// <summary>What the engine does now, and has done.</summary>
/// <param name="Running">Requests that take part in steps.</param>
/// <param name="Waiting">Requests that wait to be let in.</param>
/// <param name="PagesInUse">Key/value pages that requests or the prefix cache own.</param>
/// <param name="MaxPages">The most there may be.</param>
/// <param name="PageBytes">Bytes of a page of 16 positions.</param>
/// <param name="KeyValueBytes">Bytes of all pages, free ones included.</param>
/// <param name="CachedPages">Pages that the prefix cache owns.</param>
/// <param name="FoundRows">Positions that requests found in the prefix cache.</param>
/// <param name="Preemptions">Requests that had to give way for a while.</param>
/// <param name="LayeredSteps">Steps that took a long instruction through some of the layers only.</param>
/// <param name="GuessedTokens">Tokens that were guessed by prompt lookup.</param>
/// <param name="ConfirmedTokens">Those among them that the model would have chosen.</param>
/// <param name="ScratchBytes">Bytes of activations, logits and packed inputs, room for the largest step so far, and of memory kept ready for the next adapter.</param>
public sealed record EngineStatistics(
    int Running, int Waiting, int PagesInUse, long MaxPages, long PageBytes, long KeyValueBytes, int CachedPages, long FoundRows, long Preemptions, long LayeredSteps, long GuessedTokens, long ConfirmedTokens, long ScratchBytes);
