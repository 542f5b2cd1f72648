using SkPeft.Training.Loop;

namespace SkPeft.Training.Checkpoints;

/// <summary>Everything that a run remembers between steps, as named tensors.</summary>
/// <param name="learners">The adapters.</param>
/// <param name="history">What happened so far.</param>
internal sealed class RunState(IReadOnlyList<Learner> learners, RunHistory history)
{
    private readonly Dictionary<TrainingParameter, float[]> _best = [];

    /// <summary>Keeps the parameters as the best so far.</summary>
    public void KeepBest()
    {
        foreach (TrainingParameter parameter in learners.SelectMany(l => l.Training.Parameters))
        {
            if (!_best.TryGetValue(parameter, out float[]? best))
            {
                _best[parameter] = best = new float[parameter.Value.Length];
            }

            parameter.Value.Data.CopyTo(best);
        }
    }

    /// <summary>Goes back to the best parameters, where some were kept.</summary>
    public void TakeBest()
    {
        foreach ((TrainingParameter parameter, float[] values) in _best)
        {
            values.CopyTo(parameter.Value.Data);
        }
    }

    /// <summary>All of it.</summary>
    public IReadOnlyDictionary<string, Tensor> Save()
    {
        Dictionary<string, Tensor> tensors = new(history.Save(), StringComparer.Ordinal);
        for (int i = 0; i < learners.Count; i++)
        {
            foreach (TrainingParameter parameter in learners[i].Training.Parameters)
            {
                tensors.Add($"{i}/parameter/{parameter.Name}", parameter.Value.Detach());
                if (_best.TryGetValue(parameter, out float[]? best))
                {
                    tensors.Add($"{i}/best/{parameter.Name}", Tensor.From(best, parameter.Value.Shape));
                }
            }

            foreach ((string name, Tensor value) in learners[i].Optimiser.State)
            {
                tensors.Add($"{i}/optimiser/{name}", value);
            }

            foreach ((string name, Tensor value) in learners[i].Training.State)
            {
                tensors.Add($"{i}/state/{name}", value.Detach());
            }
        }

        return tensors;
    }

    /// <summary>Takes back what <see cref="Save"/> gave.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> tensors)
    {
        history.Restore(tensors, learners.Count);
        for (int i = 0; i < learners.Count; i++)
        {
            foreach (TrainingParameter parameter in learners[i].Training.Parameters)
            {
                tensors[$"{i}/parameter/{parameter.Name}"].Data.CopyTo(parameter.Value.Data);
                if (tensors.TryGetValue($"{i}/best/{parameter.Name}", out Tensor? best))
                {
                    _best[parameter] = best.Data.ToArray();
                }
            }

            learners[i].Optimiser.Restore(Under(tensors, $"{i}/optimiser/"));
            learners[i].Training.Restore(Under(tensors, $"{i}/state/"));
        }
    }

    private static Dictionary<string, Tensor> Under(IReadOnlyDictionary<string, Tensor> tensors, string prefix) =>
        tensors.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(t => t.Key[prefix.Length..], t => t.Value, StringComparer.Ordinal);
}
