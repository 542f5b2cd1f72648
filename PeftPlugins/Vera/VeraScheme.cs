using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Torch;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.Vera;

/// <summary>ΔW = diag(λ_b) B diag(λ_d) A, where A and B are the first columns and rows of frozen random matrices that all layers share.</summary>
/// <param name="options">What all such methods share.</param>
internal sealed class VeraScheme(LayerOptions options) : LayerScheme(options)
{
    private const string SharedA = "base_model.vera_A";
    private const string SharedB = "base_model.vera_B";
    private const string LambdaB = "vera_lambda_b";
    private const string LambdaD = "vera_lambda_d";
    private const string DropoutKey = "vera_dropout";

    /// <summary>r.</summary>
    public required int Rank { get; init; }

    /// <summary>The seed of the shared matrices.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Whether files have the shared matrices.</summary>
    public required bool SavesProjection { get; init; }

    /// <summary>The start of λ_d, where step 0 is to be the frozen base; else null.</summary>
    public required float? StartOfD { get; init; }

    /// <summary>Reads the configuration.</summary>
    public static VeraScheme Read(AdapterConfigReader reader)
    {
        float start = reader.Number("d_initial", 0.1f);
        VeraScheme scheme = new(LayerOptions.Read(reader, hasBias: true, DropoutKey))
        {
            Rank = reader.Integer("r", 256),
            Seed = TorchSeed.Read(reader, "projection_prng_key", 0),
            SavesProjection = reader.Flag("save_projection", true),
            StartOfD = reader.Flag("init_weights", true) ? start : null,
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
        int inputs = layers.Max(l => l.Inputs);
        int outputs = layers.Max(l => l.Outputs);
        Lazy<(Tensor A, Tensor B)> drawn = new(() => Projections.Draw(Seed, Rank, inputs, outputs));
        return
        [
            new SharedTensor(SharedA, Rank, inputs) { IsSaved = SavesProjection, Derive = () => drawn.Value.A },
            new SharedTensor(SharedB, outputs, Rank) { IsSaved = SavesProjection, Derive = () => drawn.Value.B },
        ];
    }

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> TensorsOf(TargetLayer layer) =>
    [
        new(LambdaB, layer.Outputs) { Start = StartOfD is null ? Starts.Constant(1) : Starts.Zero, Decays = false },
        new(LambdaD, Rank) { Start = StartOfD is { } start ? Starts.Constant(start) : Starts.Normal(0, 1), Decays = false },
    ];

    /// <inheritdoc/>
    public override IEnumerable<Effect> EffectsOn(TargetLayer layer, TensorsByName tensors, Func<Tensor> weight)
    {
        Tensor a = tensors[SharedA].Slice(1, 0, layer.Inputs).Multiply(tensors[LambdaD].Reshape(Rank, 1));
        Tensor b = tensors[SharedB].Slice(0, 0, layer.Outputs).Multiply(tensors[LambdaB].Reshape(layer.Outputs, 1));
        return [new LowRankEffect(layer.Site, a, b, 1) { Dropout = StepDraws.OfRows(layer.Module.Name, Options.Dropout(DropoutKey)) }];
    }
}
