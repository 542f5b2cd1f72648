using SkPeft.Engine.Memory;
using SkPeft.Engine.Models.Llama;

namespace SkPeft.Engine.Scheduling;

/// <summary>A job's share of a step.</summary>
internal sealed class StepEntry
{
    private readonly int[] _ids;

    public StepEntry(SequenceJob job, int count)
    {
        Job = job;
        First = job.Sequence!.TextLength;
        _ids = [.. job.Ids.GetRange(First, count)];
        EndsText = First + count == job.Ids.Count;
        WasReading = job.IsReading;
        Mark = job.Sequence.Mark();
        Segment = job.Pass?.Segment ?? NewSegment();
    }

    public SequenceJob Job { get; }

    /// <summary>The index in the text of the first token.</summary>
    public int First { get; }

    /// <summary>Tokens of the text.</summary>
    public int Count => _ids.Length;

    /// <summary>Whether the last of them is the text's last.</summary>
    public bool EndsText { get; }

    /// <summary>Whether it reads a prompt.</summary>
    public bool WasReading { get; }

    /// <summary>The sequence before the step.</summary>
    public SequenceMark Mark { get; }

    public ForwardSegment Segment { get; private set; }

    /// <summary>How many layers of the job's <see cref="SequenceJob.Pass"/> this step runs; 0 where the step runs all layers.</summary>
    public int Layers { get; init; }

    /// <summary>Whether the rows came through the last layer, so that there are results.</summary>
    public bool IsThrough { get; set; } = true;

    /// <summary>Why it failed, or null.</summary>
    public Exception? Error { get; set; }

    /// <summary>The token to go on with, or null.</summary>
    public int? Next { get; set; }

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
