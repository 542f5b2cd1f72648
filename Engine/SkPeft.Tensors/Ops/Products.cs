using System.Numerics.Tensors;

namespace SkPeft.Tensors.Ops;

/// <summary>Matrix products, without recording.</summary>
internal static class Products
{
    /// <summary>c += op(a) · op(b), where op transposes or not; not both may be transposed.</summary>
    public static void Add(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor c)
    {
        if (transposeB)
        {
            AddDots(a, b, c);
        }
        else
        {
            AddCombinations(a, transposeA, b, c);
        }
    }

    // c[i, j] += Σ_k a[i, k] · b[j, k].
    private static void AddDots(Tensor a, Tensor b, Tensor c)
    {
        int inner = a[1];
        Span<float> result = c.Data;
        for (int i = 0; i < a[0]; i++)
        {
            ReadOnlySpan<float> row = a.Data.Slice(i * inner, inner);
            for (int j = 0; j < b[0]; j++)
            {
                result[(i * b[0]) + j] += TensorPrimitives.Dot(row, b.Data.Slice(j * inner, inner));
            }
        }
    }

    // c[i] += Σ_k a[i, k] · b[k]: whole rows at a time, so that memory is read in order.
    private static void AddCombinations(Tensor a, bool transposeA, Tensor b, Tensor c)
    {
        int width = b[1];
        int stepOfRow = transposeA ? 1 : a[1];
        int stepOfSum = transposeA ? a[1] : 1;
        for (int i = 0; i < c[0]; i++)
        {
            Span<float> sum = c.Data.Slice(i * width, width);
            for (int k = 0; k < b[0]; k++)
            {
                TensorPrimitives.MultiplyAdd(b.Data.Slice(k * width, width), a.Data[(i * stepOfRow) + (k * stepOfSum)], sum, sum);
            }
        }
    }
}
