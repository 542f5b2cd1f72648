using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Accept;

/// <summary>Rows composed subspace by subspace: row i has Σ_j weights[i, k, j] · codebook[k, j] in subspace k.</summary>
/// <param name="Weights">[rows, K, r].</param>
/// <param name="Codebook">[K, r, t]; K · t is the hidden size.</param>
internal sealed record CompositePrompt(Tensor Weights, Tensor Codebook)
{
    /// <summary>The weights' name in the file.</summary>
    public static string WeightsOf(string name) => $"{name}_weight";

    /// <summary>The codebook's name in the file.</summary>
    public static string CodebookOf(string name) => $"codebook_{name}";

    public static CompositePrompt Take(AdapterTensors tensors, string name, CompositeSizes sizes, int hidden)
    {
        int subspaces = hidden / sizes.SubDim;
        return new CompositePrompt(
            tensors.Take(WeightsOf(name), sizes.Rows, subspaces, sizes.Codewords),
            tensors.Take(CodebookOf(name), subspaces, sizes.Codewords, sizes.SubDim));
    }

    /// <summary>The rows, [rows, K · t].</summary>
    public Tensor Compose()
    {
        int rows = Weights[0];
        int codewords = Codebook[1];
        int width = Codebook[2];
        Tensor[] pieces = [.. Enumerable.Range(0, Codebook[0]).Select(k =>
            Weights.Slice(1, k, 1).Reshape(rows, codewords).MatMul(Codebook.Slice(0, k, 1).Reshape(codewords, width)))];
        return TensorOps.Concat(1, pieces);
    }
}
