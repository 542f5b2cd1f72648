using System.Text.Json;
using System.Text.Json.Nodes;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.Lora;

/// <summary>An AdaLoRA run: the penalty, the budget of rows, and a file without the rows that were pruned.</summary>
internal sealed class AdaLoraTraining : DelegatingTraining
{
    private readonly IReadOnlyList<AdaLoraTriplets> _layers;
    private readonly RankBudget? _budget;
    private readonly float _penaltyWeight;

    public AdaLoraTraining(PeftTraining inner, AdaLoraRun run)
        : base(inner)
    {
        _layers = AdaLoraTriplets.Of(inner.Parameters);
        _budget = run.Schedule is null ? null : new RankBudget(run.Schedule, _layers);
        _penaltyWeight = run.PenaltyWeight;
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Tensor> State => _budget?.State ?? base.State;

    /// <inheritdoc/>
    public override void Restore(IReadOnlyDictionary<string, Tensor> state) => _budget?.Restore(state);

    /// <inheritdoc/>
    public override void AfterStep(int step, int steps, Func<TrainingParameter, Tensor?> gradientOf) => _budget?.AfterStep(step, steps, gradientOf);

    /// <summary>weight · the mean over all A and B of ‖A Aᵀ − I‖ and ‖Bᵀ B − I‖ (arXiv 2303.10512, equation 4; the mean of the norms as in peft 0.21).</summary>
    public override Tensor? Penalty()
    {
        if (_penaltyWeight == 0)
        {
            return null;
        }

        Tensor[] norms = [.. _layers.SelectMany(l => (Tensor[])
            [Distance(l.A.Value.MatMulTransposed(l.A.Value)), Distance(l.B.Value.TransposedMatMul(l.B.Value))])];
        return TensorOps.Concat(0, norms).Sum(0).Sum(0).Scale(_penaltyWeight / norms.Length);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<AdapterPackage> Export() => [.. base.Export().Select(WithoutPruned)];

    // ‖products − I‖, [1, 1].
    private static Tensor Distance(Tensor products)
    {
        int rank = products[0];
        Tensor unit = new(rank, rank);
        for (int i = 0; i < rank; i++)
        {
            unit.Row(i)[i] = 1;
        }

        return products.Subtract(unit).Reshape(1, rank * rank).RowNorms();
    }

    private AdapterPackage WithoutPruned(AdapterPackage package)
    {
        Dictionary<string, Tensor> tensors = new(package.Tensors, StringComparer.Ordinal);
        JsonObject pattern = [];
        foreach (AdaLoraTriplets layer in _layers)
        {
            if (_budget?.KeptOf(layer) is not { } kept)
            {
                continue;
            }

            int[] rows = [.. kept.Index().Where(k => k.Item).Select(k => k.Index)];
            tensors[layer.Module + ".lora_A"] = tensors[layer.Module + ".lora_A"].Gather(rows);
            tensors[layer.Module + ".lora_E"] = tensors[layer.Module + ".lora_E"].Gather(rows);
            tensors[layer.Module + ".lora_B"] = tensors[layer.Module + ".lora_B"].Transpose().Gather(rows).Transpose();
            pattern[layer.Module[AdapterTensors.Prefix.Length..] + ".lora_E"] = new JsonArray([.. kept.Select(k => (JsonNode)k)]);
        }

        if (pattern.Count == 0)
        {
            return package;
        }

        JsonObject config = JsonObject.Create(package.Config)!;
        config["rank_pattern"] = pattern;
        return new AdapterPackage(package.Name, JsonSerializer.SerializeToElement(config), tensors);
    }
}
