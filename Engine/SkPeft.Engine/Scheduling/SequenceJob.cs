using System.Diagnostics;
using SkPeft.Engine.Adapters;
using SkPeft.Engine.Memory;
using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Scheduling;

/// <summary>One text that the engine works on. All of it but the reader is guarded by the scheduler's lock, or used by the step that it is in.</summary>
internal sealed class SequenceJob
{
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _fed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SequenceJob(EffectPlan plan, Precision precision, JobTerms terms)
    {
        Plan = plan;
        Precision = precision;
        Terms = terms;
        Deadline = terms.Deadline is { } time ? (terms.Begun ?? Stopwatch.GetTimestamp()) + (long)(time.TotalSeconds * Stopwatch.Frequency) : long.MaxValue;
    }

    public EffectPlan Plan { get; }

    public Precision Precision { get; }

    public JobTerms Terms { get; }

    /// <summary>The timestamp after which it fails.</summary>
    public long Deadline { get; }

    /// <summary>The text: what was given and what was generated.</summary>
    public List<int> Ids { get; } = [];

    /// <summary>What may follow them; run with the next step where there is room.</summary>
    public int[] Guesses { get; set; } = [];

    /// <summary>How many of them are the instruction.</summary>
    public int InstructionTokens { get; set; }

    public RowReader Reader { get; set; } = null!;

    /// <summary>Its pages; null before it is let in, and while it is set aside without them.</summary>
    public Sequence? Sequence { get; set; }

    /// <summary>Its instruction on the way through the layers, where that takes several steps.</summary>
    public LayeredPass? Pass { get; set; }

    public JobState State { get; set; }

    /// <summary>Whether a step uses it now.</summary>
    public bool InStep { get; set; }

    /// <summary>Why it is to leave behind the step that it is in.</summary>
    public Exception? Leaving { get; set; }

    /// <summary>The order in which it was let in; later ones are set aside first.</summary>
    public long Admission { get; set; }

    /// <summary>Where its text is looked up in the prefix cache.</summary>
    public string Domain { get; set; } = "";

    /// <summary>Positions that the text takes, virtual tokens included.</summary>
    public int Rows => Plan.VirtualRows + Ids.Count;

    /// <summary>Tokens whose rows are still to be computed.</summary>
    public int Pending => Ids.Count - (Sequence?.TextLength ?? 0);

    /// <summary>Whether it reads a prompt (again), and does not merely add a token.</summary>
    public bool IsReading => Sequence is not { Started: true } || Pending > 1;

    /// <summary>Ends when all that was given so far has been run, or with the reason why not.</summary>
    public Task Fed => _fed.Task;

    /// <summary>Ends when the engine no longer uses it.</summary>
    public Task Left => _left.Task;

    /// <summary>Begins another piece of work on the same text.</summary>
    public void Renew()
    {
        if (_fed.Task.IsCompleted)
        {
            _fed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Succeed() => _fed.TrySetResult();

    /// <summary>Gives the pages back and ends the job.</summary>
    public void Leave(Exception? error)
    {
        State = JobState.Left;
        Release();
        if (error is OperationCanceledException cancelled)
        {
            _fed.TrySetCanceled(cancelled.CancellationToken);
        }
        else if (error is not null)
        {
            _fed.TrySetException(error);
            _ = _fed.Task.Exception;
        }
        else
        {
            _fed.TrySetResult();
        }

        _left.TrySetResult();
    }

    /// <summary>The pass is through.</summary>
    public void EndPass()
    {
        Pass?.Dispose();
        Pass = null;
    }

    /// <summary>Gives the pages back; what stood in them is computed again when it goes on.</summary>
    public void Release()
    {
        EndPass();
        Sequence?.Dispose();
        Sequence = null;
    }
}
