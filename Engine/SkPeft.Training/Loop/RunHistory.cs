using System.Runtime.InteropServices;

namespace SkPeft.Training.Loop;

/// <summary>One step, as it is logged.</summary>
/// <param name="Step">The step, from 0.</param>
/// <param name="Loss">The loss of the first adapter, before the step changed it.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Tokens">Tokens of the batch.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Others">The losses of further adapters of the run.</param>
public sealed record StepRecord(int Step, double Loss, double Rate, int Tokens, double Seconds, IReadOnlyList<double> Others);

/// <summary>What happened so far, bit for bit in and out of checkpoints.</summary>
internal sealed class RunHistory
{
    private const int Columns = 5;
    private const int EvaluationColumns = 3;

    private readonly List<StepRecord> _steps = [];
    private readonly List<Evaluation[]> _evaluations = [];

    /// <summary>All steps.</summary>
    public IReadOnlyList<StepRecord> Steps => _steps;

    /// <summary>All evaluations, of every learner.</summary>
    public IReadOnlyList<IReadOnlyList<Evaluation>> Evaluations => _evaluations;

    public void Add(StepRecord step) => _steps.Add(step);

    public void Add(Evaluation[] evaluation) => _evaluations.Add(evaluation);

    /// <summary>The index of the best evaluation of the first learner, or -1.</summary>
    public int Best
    {
        get
        {
            int best = -1;
            for (int i = 0; i < _evaluations.Count; i++)
            {
                best = best < 0 || _evaluations[i][0].IsBetterThan(_evaluations[best][0]) ? i : best;
            }

            return best;
        }
    }

    /// <summary>Evaluations since the best one.</summary>
    public int SinceBest => _evaluations.Count - 1 - Best;

    /// <summary>As tensors.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Save()
    {
        yield return new("history/steps", Pack(_steps.SelectMany(s => (double[])[s.Step, s.Loss, s.Rate, s.Tokens, s.Seconds, .. s.Others])));
        yield return new("history/evaluations", Pack(_evaluations.SelectMany(e => e).SelectMany(e => (double[])[e.Step, e.Accuracy ?? double.NaN, e.MeanLoss])));
    }

    /// <summary>Takes back what <see cref="Save"/> gave.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="learners">How many adapters are in the run.</param>
    public void Restore(IReadOnlyDictionary<string, Tensor> tensors, int learners)
    {
        foreach (double[] row in Unpack(tensors["history/steps"]).Chunk(Columns + learners - 1))
        {
            _steps.Add(new StepRecord((int)row[0], row[1], row[2], (int)row[3], row[4], row[Columns..]));
        }

        foreach (double[] row in Unpack(tensors["history/evaluations"]).Chunk(EvaluationColumns * learners))
        {
            _evaluations.Add([.. row.Chunk(EvaluationColumns).Select(e => new Evaluation((int)e[0], double.IsNaN(e[1]) ? null : e[1], e[2]))]);
        }
    }

    // A double's bits in two floats: the file format has no doubles, and a curve that is resumed must be the same to the last bit.
    private static Tensor Pack(IEnumerable<double> values)
    {
        double[] all = [.. values];
        Tensor tensor = new(all.Length, 2);
        MemoryMarshal.Cast<double, float>(all).CopyTo(tensor.Data);
        return tensor;
    }

    private static double[] Unpack(Tensor tensor) => MemoryMarshal.Cast<float, double>(tensor.Data.ToArray()).ToArray();
}
