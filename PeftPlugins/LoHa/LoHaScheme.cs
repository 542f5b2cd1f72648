using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.LoHa;

/// <summary>ΔW = α/r · (w1_a w1_b) ⊙ (w2_a w2_b).</summary>
/// <param name="options">What all such methods share.</param>
/// <param name="ranks">r of every module.</param>
/// <param name="alphas">α of every module.</param>
/// <param name="startsAtBase">Whether w2_b starts at zero, so that step 0 is the frozen base.</param>
internal sealed class LoHaScheme(LayerOptions options, ModuleNumbers ranks, ModuleNumbers alphas, bool startsAtBase) : LayerScheme(options)
{
    private const string RankDropoutKey = "rank_dropout";
    private const string ModuleDropoutKey = "module_dropout";

    /// <summary>Reads the configuration.</summary>
    public static LoHaScheme Read(AdapterConfigReader reader)
    {
        // For convolutions only, and this architecture has none.
        reader.TrainingOnly("use_effective_conv2d");
        return new LoHaScheme(
            LayerOptions.Read(reader, hasBias: false, RankDropoutKey, ModuleDropoutKey),
            ModuleNumbers.ReadWhole(reader, "r", 8, "rank_pattern"),
            ModuleNumbers.Read(reader, "alpha", 8, "alpha_pattern"),
            reader.Flag("init_weights", true));
    }

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> TensorsOf(TargetLayer layer)
    {
        int rank = ranks.WholeOf(layer.Seen);
        return
        [
            new("hada_w1_a", layer.Outputs, rank) { Start = Starts.Kaiming },
            new("hada_w1_b", rank, layer.Inputs) { Start = Starts.Kaiming },
            new("hada_w2_a", layer.Outputs, rank) { Start = Starts.Kaiming },
            new("hada_w2_b", rank, layer.Inputs) { Start = startsAtBase ? Starts.Zero : Starts.Kaiming },
        ];
    }

    /// <inheritdoc/>
    public override IEnumerable<Effect> EffectsOn(TargetLayer layer, TensorsByName tensors, Func<Tensor> weight)
    {
        ChangeDropout dropout = new(layer.Module.Name, Options.Dropout(RankDropoutKey), scales: true, Options.Dropout(ModuleDropoutKey));
        if (dropout.DropsModule())
        {
            return [];
        }

        (Tensor a1, Tensor b1) = (tensors["hada_w1_a"], tensors["hada_w1_b"]);
        (Tensor a2, Tensor b2) = (tensors["hada_w2_a"], tensors["hada_w2_b"]);
        int rank = b1[0];
        float scale = alphas.Of(layer.Seen) / rank;

        // A product of two matrices of rank r has rank r² at most, with products of the factors' rows and columns as factors. Where those
        // are fewer numbers than the weight has, they are kept.
        if ((long)rank * rank * (layer.Inputs + layer.Outputs) > (long)layer.Inputs * layer.Outputs)
        {
            return [new WeightDeltaEffect(layer.Site, dropout.DropRows(a1.MatMul(b1).Multiply(a2.MatMul(b2)).Scale(scale)))];
        }

        Tensor a = b1.Reshape(rank, 1, layer.Inputs).Multiply(b2.Reshape(1, rank, layer.Inputs)).Reshape(rank * rank, layer.Inputs);
        Tensor b = a1.Reshape(layer.Outputs, rank, 1).Multiply(a2.Reshape(layer.Outputs, 1, rank)).Reshape(layer.Outputs, rank * rank);
        return [new LowRankEffect(layer.Site, a, dropout.DropRows(b), scale)];
    }
}
