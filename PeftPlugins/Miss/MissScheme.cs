using System.Text.Json;
using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.Miss;

/// <summary>
/// y += D Σ shards of x, where x is cut into shards of r inputs (the last filled up with zeros); Bat changes every shard W_s of the weight by
/// W_s D + D.
/// </summary>
/// <param name="options">What all such methods share.</param>
/// <param name="rank">r.</param>
/// <param name="miniRank">Outputs of the repeated matrix.</param>
/// <param name="variant">The variant.</param>
internal sealed class MissScheme(LayerOptions options, int rank, int miniRank, MissVariant variant) : LayerScheme(options)
{
    private const string Block = "miss_block";
    private const string DropoutKey = "miss_dropout";

    /// <summary>Reads the configuration.</summary>
    public static MissScheme Read(AdapterConfigReader reader)
    {
        int rank = reader.Integer("r", 64);
        int miniRank = reader.Integer("mini_r", 1);
        MissVariant variant = ReadVariant(reader);
        if (rank < 1)
        {
            reader.Problem($"r is {rank}; at least 1 is supported");
        }

        if (variant == MissVariant.Mini && miniRank < 1)
        {
            reader.Problem($"mini_r is {miniRank}; at least 1 is supported");
        }

        return new MissScheme(LayerOptions.Read(reader, hasBias: true, DropoutKey), rank, miniRank, variant);
    }

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> TensorsOf(TargetLayer layer)
    {
        if (variant == MissVariant.Bat && (layer.Inputs % rank != 0 || layer.Outputs % rank != 0))
        {
            throw Options.Problem(
                $"r is {rank} with init_weights \"bat\", which must divide inputs and outputs of {layer.Module.Name}, {layer.Inputs} and {layer.Outputs}");
        }

        if (variant == MissVariant.Mini && layer.Outputs % miniRank != 0)
        {
            throw Options.Problem($"mini_r is {miniRank}, which does not divide the {layer.Outputs} outputs of {layer.Module.Name}");
        }

        int[] shape = variant switch
        {
            MissVariant.Bat => [layer.Outputs / rank, rank, rank],
            MissVariant.Mini => [rank, miniRank],
            _ => [rank, layer.Outputs],
        };
        return [new LayerTensor(Block, shape) { Start = variant == MissVariant.Random ? Starts.Kaiming : Starts.Zero }];
    }

    /// <inheritdoc/>
    public override IEnumerable<Effect> EffectsOn(TargetLayer layer, TensorsByName tensors, Func<Tensor> weight)
    {
        Tensor block = tensors[Block];
        if (variant == MissVariant.Bat)
        {
            // HF drops nothing here: it computes with the changed weight.
            return [new WeightDeltaEffect(layer.Site, BatDelta(weight(), block))];
        }

        Tensor b = block.Transpose();
        if (variant == MissVariant.Mini)
        {
            b = b.Reshape(1, miniRank, rank).BroadcastTo(layer.Outputs / miniRank, miniRank, rank).Reshape(layer.Outputs, rank);
        }

        return [new LowRankEffect(layer.Site, Shards(layer.Inputs), b, 1) { Dropout = StepDraws.OfRows(layer.Module.Name, Options.Dropout(DropoutKey)) }];
    }

    private static MissVariant ReadVariant(AdapterConfigReader reader)
    {
        if (reader.Get("init_weights") is not { ValueKind: JsonValueKind.String } value)
        {
            return reader.Flag("init_weights", true) ? MissVariant.Balanced : MissVariant.Random;
        }

        switch (value.GetString())
        {
            case "bat":
                return MissVariant.Bat;
            case "mini":
                return MissVariant.Mini;
            default:
                reader.Problem($"init_weights is \"{value.GetString()}\"; true, false, \"bat\" and \"mini\" are supported");
                return MissVariant.Balanced;
        }
    }

    // In the order of memory a weight is [out/r, r, in/r, r]; each of its r × r shards is multiplied from the right by the block of its outputs.
    private Tensor BatDelta(Tensor weight, Tensor block)
    {
        (int outputs, int inputs) = (weight[0] / rank, weight[1] / rank);
        Tensor products = weight.Reshape(outputs, rank * inputs, rank).MatMulBatched(block).Reshape(outputs, rank, inputs, rank);
        return products.Add(block.Reshape(outputs, rank, 1, rank)).Reshape(weight.Shape);
    }

    // [r, in]: row i adds up the inputs i, i + r, i + 2r …
    private Tensor Shards(int inputs)
    {
        Tensor sums = new(rank, inputs);
        for (int i = 0; i < inputs; i++)
        {
            sums.Row(i % rank)[i] = 1;
        }

        return sums;
    }
}
