using SkPeft.Engine.Memory;
using SkPeft.Engine.Models.Llama;

namespace SkPeft.Engine.Scheduling;

/// <summary>A job's share of a step.</summary>
internal sealed class StepEntry
{
    private readonly int[] _ids;

    /// <param name="job">The job.</param>
    /// <param name="count">Tokens of its text.</param>
    /// <param name="guesses">Tokens that may follow them.</param>
    public StepEntry(SequenceJob job, int count, params int[] guesses)
    {
        Job = job;
        First = job.Sequence!.TextLength;
        Count = count;
        Guesses = guesses;
        _ids = [.. job.Ids.GetRange(First, count), .. guesses];
        EndsText = First + count == job.Ids.Count;
        WasReading = job.IsReading;
        Mark = job.Sequence.Mark();
        Segment = job.Pass?.Segment ?? NewSegment();
    }

    public SequenceJob Job { get; }

    /// <summary>The index in the text of the first token.</summary>
    public int First { get; }

    /// <summary>Tokens of the text.</summary>
    public int Count { get; }

    /// <summary>Tokens behind them that are not known to be the text's.</summary>
    public IReadOnlyList<int> Guesses { get; }

    /// <summary>Whether the last of them is the text's last.</summary>
    public bool EndsText { get; }

    /// <summary>Whether it reads a prompt.</summary>
    public bool WasReading { get; }

    /// <summary>The sequence before the step.</summary>
    public SequenceMark Mark { get; }

    public ForwardSegment Segment { get; private set; }

    /// <summary>How many layers of the job's <see cref="SequenceJob.Pass"/> this step runs; 0 where the step runs all layers.</summary>
    public int Layers { get; init; }

    /// <summary>What a number of its tokens or rows comes to where the step runs some of the layers only: as many as would cost the same in all of them.</summary>
    /// <param name="count">Tokens or rows.</param>
    /// <param name="layers">The model's layers.</param>
    public int Equivalent(int count, int layers) => Layers == 0 ? count : Math.Max(1, count * Layers / layers);

    /// <summary>Whether the rows came through the last layer, so that there are results.</summary>
    public bool IsThrough { get; set; } = true;

    /// <summary>Why it failed, or null.</summary>
    public Exception? Error { get; set; }

    /// <summary>The tokens to go on with, one for most: guesses that were right, and the one behind them.</summary>
    public List<int> Next { get; } = [];

    /// <summary>Whether the reader has had the last token that it wanted.</summary>
    public bool Ended { get; private set; }

    /// <summary>Takes the token behind the last row, or null for the end.</summary>
    public void Take(int? token)
    {
        Ended = token is null;
        if (token is { } id)
        {
            Next.Add(id);
        }
    }

    /// <summary>How many guesses were right.</summary>
    public int Confirmed { get; private set; }

    /// <summary>Keeps the rows of guesses that were right, and takes the others back.</summary>
    /// <param name="right">How many were right.</param>
    public void Confirm(int right)
    {
        Confirmed = right;
        int wrong = Guesses.Count - right;
        SequenceMark now = Job.Sequence!.Mark();
        Job.Sequence.Rewind(new SequenceMark(now.Length - wrong, now.TextLength - wrong, now.Started));
    }

    /// <summary>As before the step, to run it once more.</summary>
    public void Reset()
    {
        Job.Sequence!.Rewind(Mark);
        Segment = NewSegment();
    }

    /// <summary>A pass that goes through the layers a few at a time, over the segment of this entry.</summary>
    public void BeginPass() => Job.Pass ??= new LayeredPass(Segment);

    private ForwardSegment NewSegment() => new(Job.Sequence!, _ids, Job.InstructionTokens);
}
