using System.Numerics.Tensors;
using SkPeft.Tensors;
using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Accept;

/// <summary>
/// Codebooks and weights whose rows are given ones, subspace by subspace: exactly where there are as many codewords as rows or as the
/// subspace has dimensions, else nearly as close as any of their rank.
/// </summary>
/// <remarks>
/// Weights W with orthonormal rows or columns make the codebook Wᵀ T the solution of least squares, and give codewords the size of what they
/// stand for. With fewer codewords than rows, W spans T's strongest directions (a randomised range with power iterations; Halko, Martinsson
/// and Tropp, arXiv 0909.4061).
/// </remarks>
internal static class CompositeFit
{
    private const int PowerIterations = 8;

    public static CompositePrompt To(Tensor rows, CompositeSizes sizes, Random random)
    {
        int subspaces = rows[1] / sizes.SubDim;
        Tensor[] weights = new Tensor[subspaces], codebooks = new Tensor[subspaces];
        for (int k = 0; k < subspaces; k++)
        {
            Tensor target = rows.Slice(1, k * sizes.SubDim, sizes.SubDim);
            Tensor w = Weights(target, sizes.Codewords, random);
            weights[k] = w.Reshape(w[0], 1, w[1]);
            codebooks[k] = w.TransposedMatMul(target).Reshape(1, sizes.Codewords, sizes.SubDim);
        }

        return new CompositePrompt(TensorOps.Concat(1, weights), TensorOps.Concat(0, codebooks));
    }

    // [rows, codewords].
    private static Tensor Weights(Tensor target, int codewords, Random random)
    {
        if (codewords >= target[0])
        {
            return Orthonormal(StartValues.Normal(random, 1, target[0], codewords), random);
        }

        // Rows of the transpose are columns: orthonormal rows are what Gram and Schmidt give.
        Tensor basis = StartValues.Normal(random, 1, codewords, target[1]).MatMulTransposed(target);
        for (int i = 0; i < PowerIterations; i++)
        {
            basis = Orthonormal(basis, random).MatMul(target).MatMulTransposed(target);
        }

        return Orthonormal(basis, random).Transpose();
    }

    /// <summary>Rows made orthonormal, in place of each other; a row that the ones before leave nothing of is drawn anew.</summary>
    private static Tensor Orthonormal(Tensor rows, Random random)
    {
        Tensor result = Tensor.From(rows.Data, rows.Shape);
        for (int i = 0; i < result[0]; i++)
        {
            Span<float> row = result.Row(i);
            float size = TensorPrimitives.Norm<float>(row);
            while (!(Project(result, i) > 1e-3f * size))
            {
                StartValues.Normal(random, 1, row.Length).Data.CopyTo(row);
                size = TensorPrimitives.Norm<float>(row);
            }

            // Once more: what rounding left of the others.
            _ = Project(result, i);
            TensorPrimitives.Divide(row, TensorPrimitives.Norm<float>(row), row);
        }

        return result;
    }

    // Takes the rows before out of row i, and gives what is left of its length.
    private static float Project(Tensor rows, int i)
    {
        Span<float> row = rows.Row(i);
        for (int j = 0; j < i; j++)
        {
            TensorPrimitives.MultiplyAdd(rows.Row(j), -TensorPrimitives.Dot<float>(rows.Row(j), row), row, row);
        }

        return TensorPrimitives.Norm<float>(row);
    }
}
