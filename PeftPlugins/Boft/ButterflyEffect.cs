using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Boft;

/// <summary>The base product sees x · Mₘ₋₁ … M₁ M₀.</summary>
/// <param name="site">The layer.</param>
/// <param name="rotations">The blocks of all factors, [factors, blocks, size, size].</param>
/// <remarks>
/// Factor i permutes within stretches of 2ⁱ blocks: seen as halves of blocks, those at even places come first, then those at odd ones
/// (peft 0.21, <c>block_butterfly_perm</c>). With x in rows and P[a, p(a)] = 1, x P moves element a to place p(a), and x Pᵀ moves it back.
/// </remarks>
internal sealed class ButterflyEffect(LinearSite site, Tensor rotations) : CustomLinearEffect(site)
{
    /// <inheritdoc/>
    public override Tensor TransformInput(Tensor x)
    {
        (int factors, int blocks, int size) = (rotations[0], rotations[1], rotations[2]);
        for (int i = factors - 1; i >= 0; i--)
        {
            Tensor rotated = Spread(x, i, size / 2).MatMulBlocks(rotations.Slice(0, i, 1).Reshape(blocks, size, size));
            x = Gather(rotated, i, size / 2);
        }

        return x;
    }

    // x P: the first half of a stretch goes to even places, the second to odd ones.
    private static Tensor Spread(Tensor x, int factor, int half) => Swap(x, factor, half, 2, 1 << factor);

    // x Pᵀ: even places come first.
    private static Tensor Gather(Tensor x, int factor, int half) => Swap(x, factor, half, 1 << factor, 2);

    /// <summary>Within stretches of first · second pieces, the pieces counted the other way: second · first.</summary>
    private static Tensor Swap(Tensor x, int factor, int half, int first, int second) =>
        factor == 0 ? x : x.Reshape(x.Length / (first * second * half), first, second, half).Permute(0, 2, 1, 3).Reshape(x.Shape);
}
