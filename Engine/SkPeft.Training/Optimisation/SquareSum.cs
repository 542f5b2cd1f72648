using System.Numerics.Tensors;

namespace SkPeft.Training.Optimisation;

/// <summary>Σ x², in pieces whose sums are added in double precision: millions of elements lose no digits, and the order is fixed.</summary>
internal static class SquareSum
{
    private const int Piece = 1024;

    public static double Of(ReadOnlySpan<float> values)
    {
        double sum = 0;
        for (int at = 0; at < values.Length; at += Piece)
        {
            sum += TensorPrimitives.SumOfSquares(values.Slice(at, Math.Min(Piece, values.Length - at)));
        }

        return sum;
    }
}
