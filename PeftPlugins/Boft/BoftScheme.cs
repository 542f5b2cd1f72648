using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Boft;

/// <summary>
/// y = s ⊙ (x M W ᵀ) + b with M = Mₘ₋₁ … M₁ M₀, Mᵢ = Pᵢ blockdiag(Rᵢ₁, Rᵢ₂ …) Pᵢᵀ: butterfly factors of which each mixes inputs twice as far apart as
/// the one before.
/// </summary>
/// <param name="options">What all such methods share.</param>
internal sealed class BoftScheme(LayerOptions options) : LayerScheme(options)
{
    private const string Blocks = "boft_R";
    private const string Scale = "boft_s";
    private const string DropoutKey = "boft_dropout";
    private const float RandomDeviation = 0.1f;

    /// <summary>Inputs of a block; 0 where their number is given.</summary>
    public required int BlockSize { get; init; }

    /// <summary>Blocks of a layer; 0 where their size is given.</summary>
    public required int BlockCount { get; init; }

    /// <summary>m, the butterfly factors.</summary>
    public required int Factors { get; init; }

    /// <summary>Whether rotations start as the identity and scales as 1.</summary>
    public required bool StartsAtBase { get; init; }

    /// <summary>Reads the configuration.</summary>
    public static BoftScheme Read(AdapterConfigReader reader)
    {
        int count = reader.Integer("boft_block_num", 0);
        int size = reader.Integer("boft_block_size", count == 0 ? 4 : 0);
        int factors = reader.Integer("boft_n_butterfly_factor", 1);
        if (count < 0 || size < 0 || (count == 0) == (size == 0))
        {
            reader.Problem($"boft_block_size is {size} and boft_block_num is {count}; exactly one of them is given, the other is 0");
        }

        if (factors < 1)
        {
            reader.Problem($"boft_n_butterfly_factor is {factors}; at least 1 is supported");
        }

        return new BoftScheme(LayerOptions.Read(reader, hasBias: true, DropoutKey))
        {
            BlockSize = size,
            BlockCount = count,
            Factors = factors,
            StartsAtBase = reader.Flag("init_weights", true),
        };
    }

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> TensorsOf(TargetLayer layer)
    {
        (int count, int size) = BlocksOf(layer);
        return
        [
            new(Blocks, Factors, count, size, size)
            {
                Start = StartsAtBase ? Starts.Zero : Starts.Normal(0, RandomDeviation),

                // Without its CUDA extension HF trains one factor, whatever the configuration says.
                AlsoFits = [1, count, size, size],
            },
            new(Scale, layer.Outputs, 1) { Start = StartsAtBase ? Starts.Constant(1) : Starts.Normal(1, RandomDeviation), Decays = false },
        ];
    }

    /// <inheritdoc/>
    public override IEnumerable<Effect> EffectsOn(TargetLayer layer, TensorsByName tensors, Func<Tensor> weight)
    {
        Tensor blocks = tensors[Blocks];
        (int factors, int count, int size) = (blocks[0], blocks[1], blocks[2]);

        BlockDropout dropout = new(layer.Module.Name, Options.Dropout(DropoutKey));

        // The scale comes first: in front of the base's bias it costs nothing to leave that out.
        return
        [
            new OutputScaleEffect(layer.Site, tensors[Scale].Reshape(layer.Outputs), scalesBias: false),
            new ButterflyEffect(layer.Site, dropout.Apply(Rotations(blocks.Reshape(factors * count, size, size)).Reshape(factors, count, size, size))),
        ];
    }

    // (I − S)(I + S)⁻¹ = 2 (I + S)⁻¹ − I of the skew-symmetric part S.
    private static Tensor Rotations(Tensor blocks)
    {
        Tensor identity = new(blocks[1], blocks[1]);
        for (int i = 0; i < blocks[1]; i++)
        {
            identity.Row(i)[i] = 1;
        }

        Tensor skew = blocks.Subtract(blocks.Permute(0, 2, 1)).Scale(0.5f);
        return identity.Add(skew).Inverse().Scale(2).Subtract(identity);
    }

    private (int Count, int Size) BlocksOf(TargetLayer layer)
    {
        (string key, int given) = BlockSize > 0 ? ("boft_block_size", BlockSize) : ("boft_block_num", BlockCount);
        if (layer.Inputs % given != 0)
        {
            throw Options.Problem($"{key} is {given}, which does not divide the {layer.Inputs} inputs of {layer.Module.Name}");
        }

        (int count, int size) = BlockSize > 0 ? (layer.Inputs / BlockSize, BlockSize) : (BlockCount, layer.Inputs / BlockCount);
        bool fits = Factors == 1 || (Factors <= 31 && count % (1L << (Factors - 1)) == 0 && size % 2 == 0);
        return fits
            ? (count, size)
            : throw Options.Problem(
                $"boft_n_butterfly_factor is {Factors} for {count} blocks of {size} inputs in {layer.Module.Name}; blocks of even size are needed, and a number of " +
                "them that 2 to the power of one less divides");
    }
}
