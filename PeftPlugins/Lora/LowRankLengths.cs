using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Lora;

/// <summary>The lengths of the rows of W + s·B A without forming it, which would take as much memory as W for each layer and step.</summary>
internal static class LowRankLengths
{
    /// <summary>√(‖w‖² + 2s·(W Aᵀ)·b + s²·(B A Aᵀ)·b) of every row w of W and b of B.</summary>
    /// <param name="weight">W, [out, in].</param>
    /// <param name="a">A, [r, in].</param>
    /// <param name="b">B, [out, r].</param>
    /// <param name="scale">s.</param>
    /// <returns>[out, 1].</returns>
    public static Tensor OfRows(Tensor weight, Tensor a, Tensor b, float scale)
    {
        Tensor mixed = weight.MatMulTransposed(a).Scale(2 * scale).Add(b.MatMul(a.MatMulTransposed(a)).Scale(scale * scale));
        Tensor squares = weight.RowNorms().Square().Add(mixed.Multiply(b).Sum(1).Reshape(b[0], 1));

        // Where W and s·B A all but cancel, rounding may leave less than nothing.
        return squares.Relu().Sqrt();
    }
}
