using SkPeft.Training.Optimisation;

namespace SkPeft.PeftPlugins.Tests.Golden;

/// <summary>What a run of <c>golden/tiny</c> gave.</summary>
/// <param name="Losses">The loss of every step.</param>
/// <param name="Gradients">The gradients of step 0.</param>
/// <param name="Final">The parameters behind the last step.</param>
internal sealed record TrainedGolden(double[] Losses, Dictionary<string, Tensor> Gradients, Dictionary<string, Tensor> Final)
{
    /// <summary>Trains as the reference did.</summary>
    /// <param name="modelName">The base.</param>
    /// <param name="folder">The golden's folder.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="prepare">What is done to the run before its first step.</param>
    public static TrainedGolden Run(string modelName, string folder, int steps, Action<TrainingGolden>? prepare = null)
    {
        using TrainingGolden run = new(modelName, folder);
        prepare?.Invoke(run);
        AdamW optimiser = new();
        IReadOnlyList<TrainingBatchOfGolden> batches = TrainingBatchOfGolden.ReadAll();
        List<double> losses = [];
        Dictionary<string, Tensor>? first = null;
        for (int step = 0; step < steps; step++)
        {
            (float loss, Dictionary<string, Tensor> gradients) = run.Differentiate(batches[step % batches.Count], optimiser);
            losses.Add(loss);
            first ??= gradients;
        }

        return new TrainedGolden([.. losses], first!, run.Training.Parameters.ToDictionary(p => p.Name, p => Tensor.From(p.Value.Data, p.Value.Shape)));
    }
}
