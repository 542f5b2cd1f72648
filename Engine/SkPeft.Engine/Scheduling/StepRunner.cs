using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Engine.Scheduling;

/// <summary>Runs a step: one forward over the rows of all its jobs, then the readers. What fails in one job's code fails that job.</summary>
internal sealed unsafe class StepRunner(LlamaForward forward, WorkerTeam team)
{
    /// <summary>Rows whose logits are computed at once.</summary>
    private const int MostLogitRows = 64;

    /// <summary>Layers of the model.</summary>
    public int Layers => forward.Layers;

    /// <summary>Bytes that grow to the largest step seen.</summary>
    public long ScratchBytes => forward.ScratchBytes;

    public void Run(IReadOnlyList<StepEntry> entries)
    {
        Precision precision = entries[0].Job.Precision;
        foreach (StepEntry entry in entries.Where(e => e.Layers > 0))
        {
            RunLayers(entry, precision);
        }

        entries = [.. entries.Where(e => e.Layers == 0)];
        if (entries.Count == 0)
        {
            return;
        }

        if (!TryForward(entries, precision) && entries.Count > 1)
        {
            // Somebody's effect failed in the middle of a layer. Everyone once more, alone: who fails again is the one.
            foreach (StepEntry entry in entries)
            {
                entry.Reset();
                entry.Error = null;
                StepEntry[] alone = [entry];
                if (TryForward(alone, precision))
                {
                    Read(alone, precision);
                }
            }

            return;
        }

        Read([.. entries.Where(e => e.Error is null)], precision);
    }

    private void RunLayers(StepEntry entry, Precision precision)
    {
        Guarded(entry, () =>
        {
            entry.BeginPass();
            forward.Run(entry.Job.Pass!, entry.Layers, precision);
        });
        entry.IsThrough = entry.Error is null && entry.Job.Pass!.NextLayer == forward.Layers;
        if (entry.IsThrough)
        {
            Read([entry], precision);
        }
    }

    private bool TryForward(IReadOnlyList<StepEntry> entries, Precision precision)
    {
        try
        {
            forward.Run([.. entries.Select(e => e.Segment)], precision);
            return true;
        }
        catch (Exception error)
        {
            foreach (StepEntry entry in entries)
            {
                entry.Error = error;
            }

            return false;
        }
    }

    private void Read(IReadOnlyList<StepEntry> entries, Precision precision)
    {
        foreach (StepEntry entry in entries)
        {
            Guarded(entry, () => entry.Job.Reader.AfterStep(forward, entry.Segment, entry.First, entry.EndsText, precision));
        }

        foreach (StepEntry entry in entries.Where(e => e.Error is null && e.Guesses.Count > 0))
        {
            Guarded(entry, () => Confirm(entry, precision));
        }

        StepEntry[] wanting = [.. entries.Where(e => e.Error is null && e.Guesses.Count == 0 && e.EndsText && e.Job.Reader.WantsNext)];
        foreach (StepEntry[] some in wanting.Chunk(MostLogitRows))
        {
            Sample(some, precision);
        }
    }

    // The reader chooses behind every guess that it has chosen itself, as if it had come alone.
    private void Confirm(StepEntry entry, Precision precision)
    {
        Rows logits = forward.Logits(entry.Segment, entry.Count - 1, entry.Guesses.Count + 1, precision);
        int right = 0;
        for (bool goesOn = true; goesOn; right += goesOn ? 1 : 0)
        {
            entry.Take(entry.Job.Reader.Next(new Span<float>(logits.Row(right), logits.Width)));
            goesOn = !entry.Ended && right < entry.Guesses.Count && entry.Next[^1] == entry.Guesses[right];
        }

        entry.Confirm(right);
    }

    private void Sample(StepEntry[] entries, Precision precision)
    {
        Rows logits;
        try
        {
            logits = forward.LastLogits([.. entries.Select(e => e.Segment)], precision);
        }
        catch (Exception error)
        {
            if (entries.Length == 1)
            {
                entries[0].Error = error;
                return;
            }

            foreach (StepEntry entry in entries)
            {
                Sample([entry], precision);
            }

            return;
        }

        void One(int row) => Guarded(entries[row], () => entries[row].Take(entries[row].Job.Reader.Next(new Span<float>(logits.Row(row), logits.Width))));
        if (entries.Length == 1)
        {
            One(0);
        }
        else
        {
            team.Run(new EachWork(entries.Length, One));
        }
    }

    private static void Guarded(StepEntry entry, Action work)
    {
        try
        {
            work();
        }
        catch (Exception error)
        {
            // A step's failure, whatever it is, belongs to its request; the engine goes on.
            entry.Error = error;
        }
    }
}
