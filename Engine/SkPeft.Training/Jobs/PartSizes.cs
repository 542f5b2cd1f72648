using SkPeft.Engine.Adapters;
using SkPeft.Training.Data;
using SkPeft.Training.Loop;
using SkPeft.Training.Objectives;

namespace SkPeft.Training;

/// <summary>The largest of the parts that a run goes through at one time, by one adapter's sequences.</summary>
internal sealed class PartSizes
{
    // So many rows, and what a sequence has for itself counts for little beside what its rows take.
    private const int EnoughRows = 64;

    /// <param name="effects">The adapters'.</param>
    /// <param name="objective">What runs through the model.</param>
    /// <param name="splits">The examples, and which of them a step takes.</param>
    /// <param name="settings">The sizes of steps and parts.</param>
    public PartSizes(IReadOnlyList<EffectIndex> effects, IStepObjective objective, RunSplits splits, LoopSettings settings)
    {
        SoftRows = effects.Max(e => e.PromptRows + e.GeneratedRows);
        Parts = new StepParts(settings.MicroBatch, e => objective.PassagesOf(e).Sum(RowsOf));
        foreach (Example[] part in Steps(splits).SelectMany(Parts.Of))
        {
            Passage[] passages = [.. part.SelectMany(objective.PassagesOf)];
            Rows = Math.Max(Rows, passages.Sum(RowsOf));
            Losses = Math.Max(Losses, objective is HeadObjective ? 0 : passages.Sum(p => p.Losses));
            Array.ForEach(passages, Consider);
        }
    }

    /// <summary>How a step is cut.</summary>
    public StepParts Parts { get; }

    /// <summary>Rows of hidden states, soft tokens included.</summary>
    public int Rows { get; }

    /// <summary>Tokens that carry loss.</summary>
    public int Losses { get; }

    /// <summary>Soft tokens of a sequence.</summary>
    public int SoftRows { get; }

    /// <summary>A passage from whose memory that of the others can be told: the shortest of those that are long enough, else the longest.</summary>
    public Passage? Typical { get; private set; }

    /// <summary>Rows of a passage, soft tokens included.</summary>
    public int RowsOf(Passage passage) => passage.Ids.Length + SoftRows;

    private void Consider(Passage passage)
    {
        int rows = RowsOf(passage), before = Typical is null ? 0 : RowsOf(Typical);
        if (before < EnoughRows ? rows > before : rows >= EnoughRows && rows < before)
        {
            Typical = passage;
        }
    }

    private static IEnumerable<Example[]> Steps(RunSplits splits)
    {
        for (int step = 0; step < splits.Plan.Steps; step++)
        {
            yield return [.. splits.Plan.At(step).Select(i => splits.Training[i])];
            if (splits.BilevelPlan is { } bilevel)
            {
                yield return [.. bilevel.At(step).Select(i => splits.Bilevel[i])];
            }
        }
    }
}
