using SkPeft.Engine.Adapters;
using SkPeft.Engine.Models.Llama;
using SkPeft.Engine.Scheduling;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Generation;

/// <summary>One text on the model: gives its tokens to the scheduler and reads what comes out of them.</summary>
/// <remarks>Disposing it waits until the engine no longer uses it, a step at most: only then may its adapter be let go of.</remarks>
internal sealed class Session(ModelRuntime runtime, EffectPlan plan, Precision precision, JobTerms? terms = null) : IAsyncDisposable
{
    private readonly SequenceJob _job = new(plan, precision, terms ?? new JobTerms(plan.Adapter));
    private bool _isKnown;

    /// <summary>Feeds tokens and shows the logits of the last one, on the engine's thread; they may be overwritten.</summary>
    /// <param name="ids">The tokens, at least one.</param>
    /// <param name="instructionTokens">How many of them are the instruction.</param>
    /// <param name="use">Gets the index of the last token and its logits, valid during the call only.</param>
    /// <param name="cancellation">Cancels between steps.</param>
    public Task LastLogitsAsync(ReadOnlyMemory<int> ids, int instructionTokens, LogitsVisitor use, CancellationToken cancellation) =>
        AllLogitsAsync(ids, instructionTokens, ids.Length - 1, use, cancellation);

    /// <summary>Feeds tokens and shows the logits of each, in order and in pieces.</summary>
    /// <param name="ids">The tokens.</param>
    /// <param name="instructionTokens">How many of them are the instruction.</param>
    /// <param name="from">The first token whose logits are wanted.</param>
    /// <param name="visit">Gets the index of a token and its logits, valid during the call only.</param>
    /// <param name="cancellation">Cancels between steps.</param>
    public Task AllLogitsAsync(ReadOnlyMemory<int> ids, int instructionTokens, int from, LogitsVisitor visit, CancellationToken cancellation)
    {
        // Logits of a real vocabulary are large: a few rows at a time.
        int piece = Math.Clamp((8 << 20) / runtime.Weights.Shape.Sizes.VocabularySize, 1, 64);
        return RunAsync(ids, instructionTokens, new LogitsReader(_job.Ids.Count, from, piece, visit), cancellation);
    }

    /// <summary>Feeds tokens and gives the scores of the adapter's own classes, [classes], behind the last.</summary>
    /// <param name="ids">The tokens, at least one.</param>
    /// <param name="instructionTokens">How many of them are the instruction.</param>
    /// <param name="head">The adapter's head.</param>
    /// <param name="cancellation">Cancels between steps.</param>
    public async Task<float[]> ScoresAsync(ReadOnlyMemory<int> ids, int instructionTokens, ClassifierEffect head, CancellationToken cancellation)
    {
        ScoresReader reader = new(head);
        await RunAsync(ids, instructionTokens, reader, cancellation);
        return reader.Scores;
    }

    /// <summary>Feeds tokens; ends when all of them, and those that the reader adds, were run.</summary>
    /// <param name="ids">The tokens.</param>
    /// <param name="instructionTokens">How many of them are the instruction.</param>
    /// <param name="reader">Sees the results.</param>
    /// <param name="cancellation">Ends the session.</param>
    public async Task RunAsync(ReadOnlyMemory<int> ids, int instructionTokens, RowReader reader, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        _job.Ids.AddRange(ids.Span);
        _job.InstructionTokens = instructionTokens;
        _job.Reader = reader;
        runtime.Scheduler.Submit(_job);
        _isKnown = true;
        await using CancellationTokenRegistration registration = cancellation.UnsafeRegister(
            static (session, token) => ((Session)session!).Cancel(token), this);
        await _job.Fed;
    }

    /// <summary>Gives the pages back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isKnown)
        {
            runtime.Scheduler.Leave(_job, null);
            await _job.Left;
        }
    }

    private void Cancel(CancellationToken token) => runtime.Scheduler.Leave(_job, new OperationCanceledException(token));

    private sealed unsafe class LogitsReader(int start, int from, int piece, LogitsVisitor visit) : RowReader
    {
        public override int FirstRow => start + from;

        public override void AfterStep(LlamaForward forward, ForwardSegment segment, int first, bool isLast, Precision precision)
        {
            int count = segment.Ids.Length;
            for (int at = Math.Max(0, FirstRow - first); at < count; at += piece)
            {
                Rows rows = forward.Logits(segment, at, Math.Min(piece, count - at), precision);
                for (int row = 0; row < rows.Count; row++)
                {
                    visit(first + at + row - start, new Span<float>(rows.Row(row), rows.Width));
                }
            }
        }
    }

    private sealed class ScoresReader(ClassifierEffect head) : RowReader
    {
        public float[] Scores { get; private set; } = [];

        public override void AfterStep(LlamaForward forward, ForwardSegment segment, int first, bool isLast, Precision precision)
        {
            if (isLast)
            {
                Scores = forward.Scores(segment, head, segment.Ids.Length - 1);
            }
        }
    }
}

/// <summary>Sees the logits that follow a token.</summary>
/// <param name="index">The token's index in the prompt.</param>
/// <param name="logits">[vocabulary]; valid during the call only.</param>
public delegate void LogitsVisitor(int index, Span<float> logits);
