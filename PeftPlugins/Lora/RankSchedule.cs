namespace SkPeft.Peft.Lora;

/// <summary>
/// How many rows are kept when (arXiv 2303.10512, equation 13; peft 0.21, <c>RankAllocator</c>): all at first, then a cubic fall to the target,
/// which stays.
/// </summary>
internal sealed record RankSchedule
{
    /// <summary>The average rank that is left (<c>target_r</c>).</summary>
    public required int TargetRank { get; init; }

    /// <summary>Steps before pruning begins (<c>tinit</c>).</summary>
    public required int Warmup { get; init; }

    /// <summary>Steps at the end in which the kept rows stay (<c>tfinal</c>).</summary>
    public required int Final { get; init; }

    /// <summary>Steps from one pruning to the next (<c>deltaT</c>).</summary>
    public required int Interval { get; init; }

    /// <summary>How slowly the smoothed sensitivity follows (<c>beta1</c>).</summary>
    public required float Smoothing { get; init; }

    /// <summary>How slowly the smoothed uncertainty follows (<c>beta2</c>).</summary>
    public required float UncertaintySmoothing { get; init; }

    /// <summary>The steps of the whole run (<c>total_step</c>); null: as many as it has.</summary>
    public required int? Total { get; init; }

    /// <summary>Reads the schedule's keys.</summary>
    public static RankSchedule Read(AdapterConfigReader reader)
    {
        RankSchedule schedule = new()
        {
            TargetRank = reader.Integer("target_r", 8),
            Warmup = reader.Integer("tinit", 0),
            Final = reader.Integer("tfinal", 0),
            Interval = reader.Integer("deltaT", 1),
            Smoothing = reader.Number("beta1", 0.85f),
            UncertaintySmoothing = reader.Number("beta2", 0.85f),
            Total = reader.Get("total_step") is null ? null : reader.Integer("total_step", 0),
        };
        if (schedule.TargetRank < 1 || schedule.Warmup < 0 || schedule.Final < 0 || schedule.Interval < 1)
        {
            reader.Problem($"target_r, tinit, tfinal and deltaT are {schedule.TargetRank}, {schedule.Warmup}, {schedule.Final} and {schedule.Interval}; " +
                "at least 1, 0, 0 and 1 are supported");
        }

        if (schedule.Total is { } total && schedule.Warmup >= total - schedule.Final)
        {
            reader.Problem($"tinit is {schedule.Warmup}, total_step {total} and tfinal {schedule.Final}: no step is left to prune in; tinit must be below total_step − tfinal");
        }

        return schedule;
    }

    /// <summary>The last step at which rows may be chosen.</summary>
    /// <param name="steps">The steps of the run.</param>
    public int LastChoice(int steps) => (Total ?? steps) - Final;

    /// <summary>How many of all rows are kept after a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="steps">The steps of the run.</param>
    /// <param name="initial">All rows of the start.</param>
    /// <param name="target">The rows of the end.</param>
    public int Budget(int step, int steps, int initial, int target)
    {
        if (step <= Warmup)
        {
            return initial;
        }

        double left = Math.Max(0, 1 - ((double)(step - Warmup) / Math.Max(1, LastChoice(steps) - Warmup)));
        return (int)(((initial - target) * Math.Pow(left, 3)) + target);
    }

    /// <summary>Whether rows are chosen after a step.</summary>
    public bool IsChoice(int step, int steps) => step == LastChoice(steps) || (step > Warmup && step < LastChoice(steps) && step % Interval == 0);
}
