using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.RandLora;

/// <summary>
/// ΔW = α/r · B A', where A' = λ ⊙ A ⊙ γ scales a frozen random matrix for every base, and enough bases are summed for full rank; transposed
/// where the layer has more inputs than outputs. A and B are parts of matrices that all layers share.
/// </summary>
/// <param name="options">What all such methods share.</param>
internal sealed class RandLoraScheme(LayerOptions options) : LayerScheme(options)
{
    private const string SharedA = "base_model.randlora_A";
    private const string SharedB = "base_model.randlora_B";
    private const string Lambda = "randlora_lambda";
    private const string Gamma = "randlora_gamma";
    private const string DropoutKey = "randlora_dropout";

    /// <summary>r.</summary>
    public required int Rank { get; init; }

    /// <summary>α.</summary>
    public required float Alpha { get; init; }

    /// <summary>How the shared matrices are drawn.</summary>
    public required RandomBases Bases { get; init; }

    /// <summary>Whether files have the shared matrices.</summary>
    public required bool SavesProjection { get; init; }

    /// <summary>Whether λ starts at zero, so that step 0 is the frozen base.</summary>
    public required bool StartsAtBase { get; init; }

    /// <summary>Reads the configuration.</summary>
    public static RandLoraScheme Read(AdapterConfigReader reader)
    {
        RandLoraScheme scheme = new(LayerOptions.Read(reader, hasBias: true, DropoutKey))
        {
            Rank = reader.Integer("r", 32),
            Alpha = reader.Number("randlora_alpha", 640),
            Bases = RandomBases.Read(reader),
            SavesProjection = reader.Flag("save_projection", true),
            StartsAtBase = reader.Flag("init_weights", true),
        };
        if (scheme.Rank < 1)
        {
            reader.Problem($"r is {scheme.Rank}; at least 1 is supported");
        }

        return scheme;
    }

    /// <inheritdoc/>
    public override IEnumerable<SharedTensor> SharedBy(IReadOnlyList<TargetLayer> layers)
    {
        (int inputs, int outputs) = (layers.Max(l => l.Inputs), layers.Max(l => l.Outputs));
        (int small, int large) = (Math.Min(inputs, outputs), Math.Max(inputs, outputs));
        int count = CountFor(small);
        Lazy<(Tensor A, Tensor B)> drawn = new(() => Bases.Draw(Rank, small, large, count));

        // HF keeps a reference in every layer, and saves what it refers to with each.
        SharedTensor Shared(string name, Func<Tensor> derive, params int[] shape) => new(name, shape)
        {
            IsSaved = SavesProjection,
            Derive = derive,
            Copies = [.. layers.Select(l => l.FileName(name["base_model.".Length..]))],
        };

        return [Shared(SharedA, () => drawn.Value.A, Rank, 1, small), Shared(SharedB, () => drawn.Value.B, large, count, Rank)];
    }

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> TensorsOf(TargetLayer layer)
    {
        (int small, int large) = (Math.Min(layer.Inputs, layer.Outputs), Math.Max(layer.Inputs, layer.Outputs));
        int count = CountFor(small);
        return
        [
            new(Lambda, Rank, count) { Start = StartsAtBase ? Starts.Zero : Starts.Normal(0, 1), Decays = false },
            new(Gamma, count, small) { Start = Starts.Constant(1f / (StartsAtBase ? Math.Max(count, small) : large)), Decays = false },
        ];
    }

    /// <inheritdoc/>
    public override IEnumerable<Effect> EffectsOn(TargetLayer layer, TensorsByName tensors, Func<Tensor> weight)
    {
        (int small, int large) = (Math.Min(layer.Inputs, layer.Outputs), Math.Max(layer.Inputs, layer.Outputs));
        int count = CountFor(small);
        Tensor a = tensors[SharedA].Slice(2, 0, small)
            .Multiply(tensors[Lambda].Reshape(Rank, count, 1))
            .Multiply(tensors[Gamma].Reshape(1, count, small))
            .Reshape(Rank * count, small);

        // The columns of B are counted base by base, the rows of A' rank by rank: so it is in HF, and so it was trained.
        Tensor b = tensors[SharedB].Slice(0, 0, large).Slice(1, 0, count).Reshape(large, count * Rank);
        Tensor delta = b.MatMul(a);
        return
        [
            new WeightDeltaEffect(layer.Site, (small == layer.Inputs ? delta : delta.Transpose()).Scale(Alpha / Rank))
            {
                Dropout = StepDraws.OfRows(layer.Module.Name, Options.Dropout(DropoutKey)),
            },
        ];
    }

    // As many bases of rank r as full rank takes.
    private int CountFor(int small) => (int)(((long)small + Rank - 1) / Math.Max(1, Rank));
}
