using SkPeft.Engine.Adapters;
using SkPeft.Engine.Memory;
using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Generation;

/// <summary>One sequence on the model: feeds tokens in chunks and reads logits.</summary>
internal sealed class Session : IDisposable
{
    /// <summary>Prompt tokens in one step: enough to be efficient, few enough that other requests get their turn.</summary>
    public const int ChunkTokens = 512;

    private readonly ModelRuntime _runtime;
    private readonly Sequence _sequence;
    private readonly Precision _precision;

    public Session(ModelRuntime runtime, EffectPlan plan, Precision precision)
    {
        _runtime = runtime;
        _precision = precision;
        _sequence = new Sequence(runtime.Pages, plan);
    }

    /// <summary>Positions used so far, virtual ones included.</summary>
    public int Positions => _sequence.Started ? _sequence.Length : _sequence.Plan.VirtualRows;

    /// <summary>Feeds tokens and shows the logits of the last one, on the engine's thread; they may be overwritten.</summary>
    /// <param name="ids">The tokens, at least one.</param>
    /// <param name="instructionTokens">How many of them are the instruction.</param>
    /// <param name="use">Gets the index of the last token and its logits, valid during the call only.</param>
    /// <param name="cancellation">Cancels between steps.</param>
    public ValueTask LastLogitsAsync(ReadOnlyMemory<int> ids, int instructionTokens, LogitsVisitor use, CancellationToken cancellation) =>
        FeedAsync(ids, instructionTokens, (first, count, segment) =>
        {
            if (first + count == ids.Length)
            {
                Show(_runtime.Forward.Logits(segment, count - 1, 1, _precision), ids.Length - 1, use);
            }
        }, cancellation);

    /// <summary>Feeds tokens and shows the logits of each, in order and in pieces.</summary>
    /// <param name="ids">The tokens.</param>
    /// <param name="instructionTokens">How many of them are the instruction.</param>
    /// <param name="from">The first token whose logits are wanted.</param>
    /// <param name="visit">Gets the index of a token and its logits, valid during the call only.</param>
    /// <param name="cancellation">Cancels between steps.</param>
    public async ValueTask AllLogitsAsync(ReadOnlyMemory<int> ids, int instructionTokens, int from, LogitsVisitor visit, CancellationToken cancellation)
    {
        // Logits of a real vocabulary are large: a few rows at a time.
        int piece = Math.Clamp((8 << 20) / _runtime.Weights.Shape.Sizes.VocabularySize, 1, 64);
        await FeedAsync(ids, instructionTokens, (first, count, segment) =>
        {
            for (int at = Math.Max(0, from - first); at < count; at += piece)
            {
                int rows = Math.Min(piece, count - at);
                Show(_runtime.Forward.Logits(segment, at, rows, _precision), first + at, visit);
            }
        }, cancellation);
    }

    /// <summary>Feeds tokens and gives the scores of the adapter's own classes, [classes], behind the last.</summary>
    /// <param name="ids">The tokens, at least one.</param>
    /// <param name="instructionTokens">How many of them are the instruction.</param>
    /// <param name="head">The adapter's head.</param>
    /// <param name="cancellation">Cancels between steps.</param>
    public async ValueTask<float[]> ScoresAsync(ReadOnlyMemory<int> ids, int instructionTokens, ClassifierEffect head, CancellationToken cancellation)
    {
        float[] scores = [];
        await FeedAsync(ids, instructionTokens, (first, count, segment) =>
        {
            if (first + count == ids.Length)
            {
                scores = _runtime.Forward.Scores(segment, head, count - 1);
            }
        }, cancellation);
        return scores;
    }

    /// <summary>Gives the pages back: every step of this sequence has ended, or never will begin.</summary>
    public void Dispose() => _sequence.Dispose();

    private static unsafe void Show(Rows rows, int first, LogitsVisitor visit)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            visit(first + row, new Span<float>(rows.Row(row), rows.Width));
        }
    }

    private async ValueTask FeedAsync(ReadOnlyMemory<int> ids, int instructionTokens, Action<int, int, ForwardSegment> after, CancellationToken cancellation)
    {
        int first = 0;
        while (first < ids.Length)
        {
            int count = Math.Min(ids.Length - first, ChunkTokens);
            if (!_sequence.Started && _sequence.Plan.GeneratedRows > 0)
            {
                // A generator reads the whole instruction before any layer above may run.
                count = Math.Max(count, instructionTokens);
            }

            ForwardSegment segment = new(_sequence, ids.Slice(first, count), instructionTokens);
            int start = first;
            await _runtime.RunAsync(() =>
            {
                _runtime.Forward.Run([segment], _precision);
                after(start, count, segment);
            }, cancellation);
            first += count;
        }
    }
}

/// <summary>Sees the logits that follow a token.</summary>
/// <param name="index">The token's index in the prompt.</param>
/// <param name="logits">[vocabulary]; valid during the call only.</param>
public delegate void LogitsVisitor(int index, Span<float> logits);
