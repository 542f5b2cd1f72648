using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Lora;

/// <summary>The start of one layer's factors: drawn together, when the first is asked for.</summary>
/// <param name="start">How the run starts.</param>
/// <param name="layer">The layer.</param>
/// <param name="rank">r.</param>
/// <param name="scale">s.</param>
internal sealed class LayerFactors(LoraStart start, TargetLayer layer, int rank, float scale)
{
    private (Tensor A, Tensor B)? _drawn;

    /// <summary>r.</summary>
    public int Rank { get; } = rank;

    /// <summary>A, [r, in]; of the embedding [r, vocabulary].</summary>
    public Tensor A(Random random) => Draw(random).A;

    /// <summary>B, [out, r]; of the embedding [hidden, r].</summary>
    public Tensor B(Random random) => Draw(random).B;

    /// <summary>DoRA's magnitudes of a linear layer, [out]: the lengths of the rows of what the layer computes with, so that none changes.</summary>
    public Tensor RowLengths(Random random)
    {
        Tensor weight = start.WeightOf(layer.Module);

        // What was taken from the weight is in A and B: together they are the weight.
        Tensor whole = start.TakesFromTheBase ? weight : weight.Add(Draw(random).B.MatMul(Draw(random).A).Scale(scale));
        return whole.RowNorms().Reshape(layer.Outputs);
    }

    /// <summary>DoRA's magnitudes of the embedding, [hidden]: the lengths of its columns.</summary>
    public Tensor ColumnLengths(Random random) =>
        start.WeightOf(layer.Module).Transpose().Add(Draw(random).B.MatMul(Draw(random).A).Scale(scale)).RowNorms().Reshape(layer.Inputs);

    private (Tensor A, Tensor B) Draw(Random random) => _drawn ??= start.Draw(layer, Rank, scale, random);
}
