using System.Globalization;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.Lora;

/// <summary>
/// What a run does beside following the gradient, and only where its options ask for it: <c>rank_budget</c> prunes by the schedule of the
/// configuration, <c>orth_reg_weight</c> keeps A and B near orthogonal. The reference prunes where the training loop calls
/// <c>update_and_allocate</c>, and adds the penalty where the model computes the loss itself.
/// </summary>
internal sealed class AdaLoraRun
{
    private AdaLoraRun(bool prunes, float penaltyWeight) => (Prunes, PenaltyWeight) = (prunes, penaltyWeight);

    /// <summary>Whether rows are pruned.</summary>
    public bool Prunes { get; }

    /// <summary>The weight of the orthogonality penalty; 0 for none.</summary>
    public float PenaltyWeight { get; }

    /// <summary>When how many rows are kept; only where <see cref="Prunes"/>.</summary>
    public RankSchedule? Schedule { get; private set; }

    /// <summary>Reads the options.</summary>
    /// <param name="reader">The options' start.</param>
    public static AdaLoraRun Read(StartReader reader)
    {
        AdaLoraRun run = new(reader.Flag("rank_budget", false), reader.Number("orth_reg_weight", 0));
        if (run.PenaltyWeight < 0)
        {
            reader.Problem($"start.orth_reg_weight is {run.PenaltyWeight.ToString(CultureInfo.InvariantCulture)}; at least 0 is supported");
        }

        return run;
    }

    /// <summary>Reads the schedule, where rows are pruned.</summary>
    public void ReadSchedule(AdapterConfigReader reader) => Schedule = Prunes ? RankSchedule.Read(reader) : null;
}
