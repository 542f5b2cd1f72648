using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Road;

/// <summary>
/// y' = α cos θ ⊙ y + α sin θ ⊙ y°, where y° has −partner in place of an output of the first half of its group, and the partner in place of
/// one of the second half. y has the base's bias.
/// </summary>
/// <param name="options">What all such methods share.</param>
/// <param name="variant">Which outputs share angles and scales.</param>
/// <param name="groupSize">Outputs in a group: the first of its first half and the first of its second half are a pair, and so on.</param>
/// <param name="startsAtBase">Whether rotations start as the identity.</param>
internal sealed class RoadScheme(LayerOptions options, RoadVariant variant, int groupSize, bool startsAtBase) : LayerScheme(options)
{
    private const string Theta = "road_theta";
    private const string Alpha = "road_alpha";

    private const float RandomDeviation = 0.5f;

    /// <summary>Reads the configuration.</summary>
    public static RoadScheme Read(AdapterConfigReader reader)
    {
        int groupSize = reader.Integer("group_size", 64);
        if (groupSize < 2 || groupSize % 2 != 0)
        {
            reader.Problem($"group_size is {groupSize}; an even number of at least 2 is supported");
        }

        string name = reader.Text("variant", "road_1");
        RoadVariant? variant = name switch
        {
            "road_1" => RoadVariant.Pair,
            "road_2" => RoadVariant.Output,
            "road_4" => RoadVariant.Element,
            _ => null,
        };
        if (variant is null)
        {
            reader.Problem($"variant is \"{name}\"; \"road_1\", \"road_2\" and \"road_4\" are supported");
        }

        return new RoadScheme(LayerOptions.Read(reader, hasBias: false), variant ?? RoadVariant.Pair, groupSize, reader.Flag("init_weights", true));
    }

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> TensorsOf(TargetLayer layer)
    {
        if (layer.Outputs % groupSize != 0)
        {
            throw Options.Problem($"group_size is {groupSize}, which does not divide the {layer.Outputs} outputs of {layer.Module.Name}");
        }

        int size = variant switch
        {
            RoadVariant.Pair => layer.Outputs / 2,
            RoadVariant.Output => layer.Outputs,
            _ => 2 * layer.Outputs,
        };
        return
        [
            new(Theta, size) { Start = startsAtBase ? Starts.Zero : Starts.Normal(0, RandomDeviation) },
            new(Alpha, size) { Start = startsAtBase ? Starts.Constant(1) : Starts.Normal(1, RandomDeviation), Decays = false },
        ];
    }

    /// <inheritdoc/>
    public override IEnumerable<Effect> EffectsOn(TargetLayer layer, TensorsByName tensors, Func<Tensor> weight)
    {
        Tensor cosines = tensors[Alpha].Multiply(tensors[Theta].Cos());
        Tensor sines = tensors[Alpha].Multiply(tensors[Theta].Sin());
        return [new RotationEffect(layer.Site, Spread(cosines, 0, layer.Outputs), Spread(sines, 1, layer.Outputs), groupSize)];
    }

    /// <summary>[out]: the factor of every output, out of those that the variant has; part is 0 for an output itself, 1 for its partner.</summary>
    private Tensor Spread(Tensor factors, int part, int outputs)
    {
        int groups = outputs / groupSize;
        return variant switch
        {
            RoadVariant.Pair => factors.Reshape(groups, 1, groupSize / 2).BroadcastTo(groups, 2, groupSize / 2).Reshape(outputs),
            RoadVariant.Output => factors,
            _ => factors.Reshape(groups, 2, groupSize).Slice(1, part, 1).Reshape(outputs),
        };
    }
}
