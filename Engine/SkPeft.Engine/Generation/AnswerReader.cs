using System.Diagnostics;
using System.Threading.Channels;
using SkPeft.Engine.Sampling;
using SkPeft.Engine.Scheduling;

namespace SkPeft.Engine.Generation;

/// <summary>Chooses an answer's tokens as their logits come, and passes them on to whoever reads the answer.</summary>
internal sealed class AnswerReader(Sampler sampler, AnswerText text, IReadOnlySet<int> ends, int limit, int promptTokens, int guesses) : RowReader
{
    private readonly Channel<GenerationUpdate> _updates = Channel.CreateUnbounded<GenerationUpdate>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly long _start = Stopwatch.GetTimestamp();
    private TimeSpan _prefill;
    private int _count;

    public override bool WantsNext => true;

    /// <summary>What was chosen so far and comes; ends with the answer, or with the reason why there is none.</summary>
    /// <param name="run">The work of which this is the reader.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public IAsyncEnumerable<GenerationUpdate> ReadAsync(Task run, CancellationToken cancellation)
    {
        _ = run.ContinueWith(
            static (done, updates) => ((ChannelWriter<GenerationUpdate>)updates!).TryComplete(done.IsCanceled ? new TaskCanceledException(done) : done.Exception?.InnerException),
            _updates.Writer, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return _updates.Reader.ReadAllAsync(cancellation);
    }

    // The token behind the last guess belongs to the answer too.
    public override int[] Guess(List<int> text) => guesses == 0 ? [] : PromptLookup.Guess(text, Math.Min(guesses, limit - _count - 1));

    public override int? Next(Span<float> logits)
    {
        SampledToken token = sampler.Next(logits);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_start);
        if (++_count == 1)
        {
            _prefill = elapsed;
        }

        bool ended = ends.Contains(token.Id);
        string shown = ended ? "" : text.Push(token.Id);
        if (!ended && !text.Stopped && _count < limit)
        {
            _updates.Writer.TryWrite(new GenerationUpdate(token, shown, null, null));
            return token.Id;
        }

        shown += text.Flush();
        FinishReason finish = ended || text.Stopped ? FinishReason.Stop : FinishReason.Length;
        GenerationTimings timings = new(promptTokens, _prefill, _count - 1, elapsed - _prefill, sampler.Seed);
        _updates.Writer.TryWrite(new GenerationUpdate(token, shown, finish, timings));
        return null;
    }
}
