using System.Text.Json;
using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Ia3;

/// <summary>(IA)³'s vector of a layer: it scales the output, or the input where the layer is a feed-forward one.</summary>
internal sealed class Ia3Scheme : LayerScheme
{
    private const string Vector = "ia3_l";

    private readonly IReadOnlyList<string> _feedforward;
    private readonly PythonPattern? _feedforwardPattern;
    private readonly bool _startsAtBase;

    private Ia3Scheme(LayerOptions options, IReadOnlyList<string> feedforward, PythonPattern? pattern, bool startsAtBase)
        : base(options)
    {
        (_feedforward, _feedforwardPattern, _startsAtBase) = (feedforward, pattern, startsAtBase);
    }

    /// <summary>Reads the configuration, as HF PEFT 0.21 writes it.</summary>
    public static Ia3Scheme Read(AdapterConfigReader reader)
    {
        LayerOptions options = LayerOptions.ReadFor(["k_proj", "v_proj", "down_proj"], reader, hasBias: false);
        PythonPattern? pattern = reader.Get("feedforward_modules") is { ValueKind: JsonValueKind.String } text
            ? PythonPattern.Compile(reader.File, "feedforward_modules", text.GetString()!)
            : null;
        string[] usual = ["down_proj"];
        IReadOnlyList<string> feedforward = pattern is null ? reader.Texts("feedforward_modules") ?? reader.Default("feedforward_modules", usual) : [];
        return new Ia3Scheme(options, feedforward, pattern, reader.Flag("init_ia3_weights", true));
    }

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> TensorsOf(TargetLayer layer)
    {
        int[] shape = IsFeedforward(layer) ? [1, layer.Inputs] : [layer.Outputs, 1];

        // Decay would draw factors to 0, which is not where they change nothing.
        return [new LayerTensor(Vector, shape) { Start = _startsAtBase ? Starts.Constant(1) : Starts.Normal(0, 1), Decays = false }];
    }

    /// <inheritdoc/>
    public override IEnumerable<Effect> EffectsOn(TargetLayer layer, TensorsByName tensors, Func<Tensor> weight)
    {
        Tensor scale = tensors[Vector].Reshape(tensors[Vector].Length);
        return [IsFeedforward(layer) ? new InputScaleEffect(layer.Site, scale) : new OutputScaleEffect(layer.Site, scale, scalesBias: true)];
    }

    // A name of the list need not begin at a dot.
    private bool IsFeedforward(TargetLayer layer) =>
        _feedforwardPattern?.IsFullMatch(layer.Seen) ?? _feedforward.Any(f => layer.Seen.EndsWith(f, StringComparison.Ordinal));
}
