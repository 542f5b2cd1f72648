using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Training;
using SkPeft.Tensors;

namespace SkPeft.Peft.VbLora;

/// <summary>
/// ΔW = B A of rank r; every piece of a row of A and of a column of B, as long as the vectors of the bank, is the sum of the k vectors with
/// the largest logits, weighed by the softmax over them.
/// </summary>
/// <param name="options">What all such methods share.</param>
internal sealed class VbLoraScheme(LayerOptions options) : LayerScheme(options)
{
    /// <summary>The key that says what files have: all logits, or only what the largest k have become.</summary>
    public const string TopKKey = "save_only_topk_weights";

    /// <summary>The name of the bank in files.</summary>
    public const string Bank = "base_model.vblora_vector_bank";

    /// <summary>What the name of a layer's tensor ends with where only indices are saved.</summary>
    public const string Indices = "_topk_indices";

    /// <summary>What the name of a layer's tensor ends with where only weights are saved.</summary>
    public const string Weights = "_topk_weights";

    /// <summary>The names of a layer's logits.</summary>
    public const string LogitsA = "vblora_logits_A";

    /// <inheritdoc cref="LogitsA"/>
    public const string LogitsB = "vblora_logits_B";

    private const string DropoutKey = "vblora_dropout";

    /// <summary>r.</summary>
    public required int Rank { get; init; }

    /// <summary>Vectors in the bank.</summary>
    public required int Vectors { get; init; }

    /// <summary>Their length.</summary>
    public required int Length { get; init; }

    /// <summary>How many of them are summed.</summary>
    public required int TopK { get; init; }

    /// <summary>Whether files have weights in place of logits.</summary>
    public required bool SavesTopK { get; init; }

    /// <summary>The bank starts between −this and this.</summary>
    public required float BankBound { get; init; }

    /// <summary>The standard deviation of the logits at the start.</summary>
    public required float LogitsDeviation { get; init; }

    /// <summary>Reads the configuration.</summary>
    public static VbLoraScheme Read(AdapterConfigReader reader)
    {
        VbLoraScheme scheme = new(LayerOptions.Read(reader, hasBias: true, DropoutKey))
        {
            Rank = reader.Integer("r", 4),
            Vectors = reader.Integer("num_vectors", 256),
            Length = reader.Integer("vector_length", 256),
            TopK = reader.Integer("topk", 2),
            SavesTopK = reader.Flag(TopKKey, false),
            BankBound = reader.Number("init_vector_bank_bound", 0.02f),
            LogitsDeviation = reader.Number("init_logits_std", 0.1f),
        };
        (string Key, int Value)[] sizes = [("r", scheme.Rank), ("num_vectors", scheme.Vectors), ("vector_length", scheme.Length), ("topk", scheme.TopK)];
        foreach ((string key, int value) in sizes.Where(s => s.Value < 1))
        {
            reader.Problem($"{key} is {value}; at least 1 is supported");
        }

        if (scheme.TopK > scheme.Vectors)
        {
            reader.Problem($"topk is {scheme.TopK} of {scheme.Vectors} vectors (num_vectors)");
        }

        return scheme;
    }

    /// <inheritdoc/>
    public override IEnumerable<SharedTensor> SharedBy(IReadOnlyList<TargetLayer> layers) =>
    [
        new SharedTensor(Bank, Vectors, Length)
        {
            Start = (random, shape) => StartValues.Uniform(random, BankBound, shape),

            // Every layer refers to the bank; PyTorch names a parameter by the first way that leads to it.
            TrainingName = layers[0].TrainingName("vblora_vector_bank"),
        },
    ];

    /// <inheritdoc/>
    public override IEnumerable<LayerTensor> TensorsOf(TargetLayer layer)
    {
        foreach ((string what, int width) in (IEnumerable<(string, int)>)[("inputs", layer.Inputs), ("outputs", layer.Outputs)])
        {
            if (width % Length != 0)
            {
                throw Options.Problem($"vector_length is {Length}, which does not divide the {width} {what} of {layer.Module.Name}");
            }
        }

        return [.. Pieces(LogitsA, Rank, layer.Inputs / Length), .. Pieces(LogitsB, layer.Outputs / Length, Rank)];
    }

    /// <inheritdoc/>
    public override IEnumerable<Effect> EffectsOn(TargetLayer layer, TensorsByName tensors, Func<Tensor> weight)
    {
        Tensor a = Sums(LogitsA, tensors).Reshape(Rank, layer.Inputs);
        Tensor b = Sums(LogitsB, tensors).Permute(0, 2, 1).Reshape(layer.Outputs, Rank);
        return [new LowRankEffect(layer.Site, a, b, 1) { Dropout = StepDraws.OfRows(layer.Module.Name, Options.Dropout(DropoutKey)) }];
    }

    private IEnumerable<LayerTensor> Pieces(string name, int rows, int columns) =>
        SavesTopK
            ? [Piece(name + Indices, rows, columns, TopK), Piece(name + Weights, rows, columns, TopK - 1)]
            : [Piece(name, rows, columns, Vectors)];

    private LayerTensor Piece(string name, int rows, int columns, int count) =>
        new(name, rows, columns, count) { Start = Starts.Normal(0, LogitsDeviation) };

    /// <summary>[rows, columns, length]: the pieces that the logits [rows, columns, vectors] stand for.</summary>
    private Tensor Sums(string name, TensorsByName tensors)
    {
        (Tensor weights, int[] indices) = SavesTopK ? Saved(name, tensors) : Chosen(tensors[name]);
        int pieces = indices.Length / TopK;
        (int rows, int columns) = (weights[0], weights[1]);
        Tensor vectors = tensors[Bank].Gather(indices).Reshape(pieces, TopK, Length);
        return vectors.Multiply(weights.Reshape(pieces, TopK, 1)).Sum(1).Reshape(rows, columns, Length);
    }

    private (Tensor Weights, int[] Indices) Chosen(Tensor logits) => (logits.TopK(TopK, out int[] indices).Softmax(-1), indices);

    // The last weight is not in the file: all of them together are 1.
    private (Tensor Weights, int[] Indices) Saved(string name, TensorsByName tensors)
    {
        Tensor first = tensors[name + Weights];
        Tensor last = first.Sum(-1).Scale(-1).AddScalar(1).Reshape(first[0], first[1], 1);
        return (TensorOps.Concat(-1, first, last), Places(name, tensors[name + Indices]));
    }

    private int[] Places(string name, Tensor indices)
    {
        int[] places = new int[indices.Length];
        for (int i = 0; i < places.Length; i++)
        {
            float index = indices.Data[i];
            places[i] = index >= 0 && index < Vectors && index == MathF.Floor(index)
                ? (int)index
                : throw new AdapterShapeException(Options.Adapter, name + Indices, $"a tensor with a value of {index}", $"whole numbers from 0 to {Vectors - 1}",
                    "They say which vectors of the bank are used.");
        }

        return places;
    }
}
