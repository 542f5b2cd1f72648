using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Oft;

/// <summary>x' = x · blockdiag(R₁, R₂ …): blocks of inputs are rotated, each by a matrix made of its upper triangle.</summary>
/// <param name="options">What all such methods share.</param>
internal sealed class OftScheme(LayerOptions options) : LayerScheme(options)
{
    /// <summary>The version of peft from which on the series is the one here.</summary>
    public const string FirstVersion = "0.18.0";

    private const string Triangles = "oft_R.weight";
    private const float RandomDeviation = 0.1f;

    /// <summary>Blocks of a layer; 0 where their size is given.</summary>
    public required int Blocks { get; init; }

    /// <summary>Inputs of a block; 0 where their number is given.</summary>
    public required int BlockSize { get; init; }

    /// <summary>How triangles become rotations.</summary>
    public required Cayley Cayley { get; init; }

    /// <summary>Whether all blocks of a layer are rotated alike.</summary>
    public required bool SharesBlock { get; init; }

    /// <summary>The greatest distance from the identity, or null for none (<c>coft</c>, <c>eps</c>).</summary>
    public required float? Reach { get; init; }

    /// <summary>Whether rotations start as the identity.</summary>
    public required bool StartsAtBase { get; init; }

    /// <summary>Reads the configuration.</summary>
    public static OftScheme Read(AdapterConfigReader reader)
    {
        int blocks = reader.Integer("r", 0);
        int size = reader.Integer("oft_block_size", blocks == 0 ? 32 : 0);
        if (blocks < 0 || size < 0 || (blocks == 0) == (size == 0))
        {
            reader.Problem($"r is {blocks} and oft_block_size is {size}; exactly one of them is given, the other is 0");
        }

        float reach = reader.Number("eps", 6e-5f);

        // HF (0.21) makes a layer for the dropout and never calls it: whatever the value, nothing is dropped.
        return new OftScheme(LayerOptions.Read(reader, hasBias: true, "module_dropout"))
        {
            Blocks = blocks,
            BlockSize = size,
            Cayley = Cayley.Read(reader),
            SharesBlock = reader.Flag("block_share", false),
            Reach = reader.Flag("coft", false) ? reach : null,
            StartsAtBase = reader.Flag("init_weights", true),
        };
    }

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> TensorsOf(TargetLayer layer)
    {
        (int blocks, int size) = BlocksOf(layer);
        return
        [
            new LayerTensor(Triangles, SharesBlock ? 1 : blocks, (int)((long)size * (size - 1) / 2))
            {
                Start = StartsAtBase ? Starts.Zero : Starts.Normal(0, RandomDeviation),
                Constraint = Reach is { } reach ? triangles => BringBack(triangles, reach) : null,
            },
        ];
    }

    /// <inheritdoc/>
    public override IEnumerable<Effect> EffectsOn(TargetLayer layer, TensorsByName tensors, Func<Tensor> weight) =>
        [new BlockRotationEffect(layer.Site, Cayley.Rotations(tensors[Triangles].SkewSymmetric(BlocksOf(layer).Size)))];

    private (int Blocks, int Size) BlocksOf(TargetLayer layer)
    {
        if (BlockSize > 0)
        {
            int size = NearestDivisor(layer.Inputs, BlockSize);
            return (layer.Inputs / size, size);
        }

        int blocks = NearestDivisor(layer.Inputs, Blocks);
        return (blocks, layer.Inputs / blocks);
    }

    // HF adjusts what does not divide the inputs to what does, downwards where both are as near.
    private static int NearestDivisor(int inputs, int wanted)
    {
        if (wanted >= inputs)
        {
            return inputs;
        }

        int above = wanted;
        while (inputs % above != 0)
        {
            above++;
        }

        int below = wanted;
        while (inputs % below != 0)
        {
            below--;
        }

        return wanted - below <= above - wanted ? below : above;
    }

    // Skew-symmetric matrices longer than reach / √blocks are shortened to that. A matrix is √2 times as long as its triangle.
    private static Tensor BringBack(Tensor triangles, float reach)
    {
        Tensor lengths = triangles.RowNorms().Scale(MathF.Sqrt(2));
        Tensor factors = new(lengths.Shape);
        float longest = reach / MathF.Sqrt(triangles[0]);
        for (int i = 0; i < factors.Length; i++)
        {
            factors.Data[i] = lengths.Data[i] <= longest ? 1 : longest / lengths.Data[i];
        }

        return triangles.Multiply(factors);
    }
}
