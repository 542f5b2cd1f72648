using System.Numerics.Tensors;

namespace SkPeft.Peft.Lora;

/// <summary>
/// Distributes a budget of rows over all layers by their importance: |parameter · gradient|, smoothed, times how much it varies, smoothed
/// (arXiv 2303.10512, equations 9 to 12). Rows that are not kept have their singular value set to 0; they may come back until the end.
/// </summary>
/// <param name="schedule">When how many rows are kept.</param>
/// <param name="layers">The parameters of every layer.</param>
internal sealed class RankBudget(RankSchedule schedule, IReadOnlyList<AdaLoraTriplets> layers)
{
    private const string Sensitivity = ".sensitivity";
    private const string Uncertainty = ".uncertainty";
    private const string Kept = ".kept";

    private readonly Dictionary<string, Tensor> _state = new(StringComparer.Ordinal);

    /// <summary>What is kept between steps: smoothed values by parameter, and the rows that the last choice kept.</summary>
    public IReadOnlyDictionary<string, Tensor> State => _state;

    /// <summary>Takes back what <see cref="State"/> gave.</summary>
    public void Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        _state.Clear();
        foreach ((string name, Tensor value) in state)
        {
            _state.Add(name, Tensor.From(value.Data, value.Shape));
        }
    }

    /// <summary>Which rows of a layer the last choice kept; null before the first.</summary>
    public bool[]? KeptOf(AdaLoraTriplets layer) => _state.TryGetValue(layer.E.Name + Kept, out Tensor? kept) ? [.. kept.Data.ToArray().Select(k => k > 0)] : null;

    /// <summary>Follows a step.</summary>
    public void AfterStep(int step, int steps, Func<TrainingParameter, Tensor?> gradientOf)
    {
        int last = schedule.LastChoice(steps);
        if (step < last)
        {
            foreach (TrainingParameter parameter in layers.SelectMany(l => l.All))
            {
                Follow(parameter, gradientOf(parameter));
            }
        }

        if (schedule.IsChoice(step, steps))
        {
            int initial = layers.Sum(l => l.Rank);
            Choose(initial, schedule.Budget(step, steps, initial, schedule.TargetRank * layers.Count));
        }

        if (step >= last)
        {
            foreach (string name in _state.Keys.Where(k => !k.EndsWith(Kept, StringComparison.Ordinal)).ToArray())
            {
                _state.Remove(name);
            }
        }

        if (step > last)
        {
            foreach (AdaLoraTriplets layer in layers)
            {
                layer.Prune(KeptOf(layer));
            }
        }
    }

    private void Follow(TrainingParameter parameter, Tensor? gradient)
    {
        Tensor smoothed = StateOf(parameter.Name + Sensitivity, parameter.Value);
        Tensor uncertain = StateOf(parameter.Name + Uncertainty, parameter.Value);
        for (int i = 0; i < smoothed.Length; i++)
        {
            float sensitivity = gradient is null ? 0 : Math.Abs(parameter.Value.Data[i] * gradient.Data[i]);
            smoothed.Data[i] = (schedule.Smoothing * smoothed.Data[i]) + ((1 - schedule.Smoothing) * sensitivity);
            uncertain.Data[i] = (schedule.UncertaintySmoothing * uncertain.Data[i]) + ((1 - schedule.UncertaintySmoothing) * Math.Abs(sensitivity - smoothed.Data[i]));
        }
    }

    private void Choose(int initial, int budget)
    {
        float[][] scores = [.. layers.Select(l => l.Scores(ImportanceOf))];
        int pruned = initial - budget;

        // The threshold is the score of the last row that goes; equal ones go with it.
        float threshold = pruned < 1 ? float.NegativeInfinity : scores.SelectMany(s => s).Order().ElementAt(pruned - 1);
        foreach ((AdaLoraTriplets layer, float[] own) in layers.Zip(scores))
        {
            bool[] kept = [.. own.Select(s => s > threshold)];
            _state[layer.E.Name + Kept] = Tensor.From([.. kept.Select(k => k ? 1f : 0f)], kept.Length);
            layer.Prune(kept);
        }
    }

    // A run that begins behind the last choice has followed nothing: no row is more important than another.
    private float[] ImportanceOf(TrainingParameter parameter)
    {
        float[] importance = new float[parameter.Value.Length];
        if (_state.TryGetValue(parameter.Name + Sensitivity, out Tensor? smoothed) && _state.TryGetValue(parameter.Name + Uncertainty, out Tensor? uncertain))
        {
            TensorPrimitives.Multiply(smoothed.Data, uncertain.Data, importance);
        }

        return importance;
    }

    private Tensor StateOf(string name, Tensor like)
    {
        if (!_state.TryGetValue(name, out Tensor? value))
        {
            _state.Add(name, value = new Tensor(like.Shape));
        }

        return value;
    }
}
