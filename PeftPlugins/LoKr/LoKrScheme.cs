using System.Text.Json;
using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.LoKr;

/// <summary>ΔW = α/r · w1 ⊗ w2, each of them whole or the product of two factors of rank r.</summary>
/// <param name="options">What all such methods share.</param>
internal sealed class LoKrScheme(LayerOptions options) : LayerScheme(options)
{
    private const string First = "lokr_w1";
    private const string Second = "lokr_w2";
    private const string RankDropoutKey = "rank_dropout";
    private const string ModuleDropoutKey = "module_dropout";

    /// <summary>r of every module.</summary>
    public required ModuleNumbers Ranks { get; init; }

    /// <summary>α of every module.</summary>
    public required ModuleNumbers Alphas { get; init; }

    /// <summary>Whether w1 may be a product too.</summary>
    public required bool SplitsBoth { get; init; }

    /// <summary>The divisor of both extents that is wanted; -1: near their roots.</summary>
    public required int Factor { get; init; }

    /// <summary>How training starts.</summary>
    public required LoKrStart Start { get; init; }

    /// <summary>Whether the rows that rank dropout leaves are scaled, so that the expectation stays.</summary>
    public required bool ScalesRankDropout { get; init; }

    /// <summary>Reads the configuration.</summary>
    public static LoKrScheme Read(AdapterConfigReader reader)
    {
        // For convolutions only, and this architecture has none.
        reader.TrainingOnly("use_effective_conv2d");
        return new LoKrScheme(LayerOptions.Read(reader, hasBias: false, RankDropoutKey, ModuleDropoutKey))
        {
            Ranks = ModuleNumbers.ReadWhole(reader, "r", 8, "rank_pattern"),
            Alphas = ModuleNumbers.Read(reader, "alpha", 8, "alpha_pattern"),
            SplitsBoth = reader.Flag("decompose_both", false),
            Factor = reader.Integer("decompose_factor", -1),
            Start = ReadStart(reader),
            ScalesRankDropout = reader.Flag("rank_dropout_scale", false),
        };
    }

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> TensorsOf(TargetLayer layer)
    {
        int rank = Ranks.WholeOf(layer.Seen);
        (int firstOut, int secondOut) = Factors.Of(layer.Outputs, Factor);
        (int firstIn, int secondIn) = Factors.Of(layer.Inputs, Factor);
        return
        [
            .. Parts(First, firstOut, firstIn, rank, SplitsBoth && IsWorthSplitting(firstOut, firstIn, rank), zero: Start == LoKrStart.FirstIsZero ? "_a" : null),
            .. Parts(Second, secondOut, secondIn, rank, IsWorthSplitting(secondOut, secondIn, rank), zero: Start == LoKrStart.SecondIsZero ? "_b" : null),
        ];
    }

    /// <inheritdoc/>
    public override IEnumerable<Effect> EffectsOn(TargetLayer layer, TensorsByName tensors, Func<Tensor> weight)
    {
        ChangeDropout dropout = new(layer.Module.Name, Options.Dropout(RankDropoutKey), ScalesRankDropout, Options.Dropout(ModuleDropoutKey));
        if (dropout.DropsModule())
        {
            return [];
        }

        Tensor first = Whole(First, tensors);
        Tensor second = Whole(Second, tensors);
        float scale = Alphas.Of(layer.Seen) / Ranks.WholeOf(layer.Seen);
        return [new WeightDeltaEffect(layer.Site, dropout.DropRows(first.Kronecker(second).Scale(scale)))];
    }

    private static LoKrStart ReadStart(AdapterConfigReader reader)
    {
        if (reader.Get("init_weights") is not { ValueKind: JsonValueKind.String } value)
        {
            return reader.Flag("init_weights", true) ? LoKrStart.FirstIsZero : LoKrStart.Random;
        }

        if (value.GetString() != "lycoris")
        {
            reader.Problem($"init_weights is \"{value.GetString()}\"; true, false and \"lycoris\" are supported");
        }

        return LoKrStart.SecondIsZero;
    }

    private static bool IsWorthSplitting(int outputs, int inputs, int rank) => 2L * rank < Math.Max(outputs, inputs);

    /// <summary>A matrix, or its two factors; the one whose name ends as said (of a whole matrix: it) starts at zero.</summary>
    private static IEnumerable<LayerTensor> Parts(string name, int outputs, int inputs, int rank, bool splits, string? zero) =>
        splits
            ? [Part(name + "_a", outputs, rank, zero == "_a"), Part(name + "_b", rank, inputs, zero == "_b")]
            : [Part(name, outputs, inputs, zero is not null)];

    private static LayerTensor Part(string name, int rows, int columns, bool zero) =>
        new(name, rows, columns) { Start = zero ? Starts.Zero : Starts.Kaiming };

    private static Tensor Whole(string name, TensorsByName tensors) =>
        tensors.Has(name) ? tensors[name] : tensors[name + "_a"].MatMul(tensors[name + "_b"]);
}
