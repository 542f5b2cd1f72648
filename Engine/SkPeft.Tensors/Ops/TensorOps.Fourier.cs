using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// The matrix of a few frequencies.
public static partial class TensorOps
{
    /// <summary>
    /// The real part of the inverse two-dimensional Fourier transform of a matrix that is 0 but for a few entries:
    /// c[p, q] = 1/(height · width) · Σ_j x[j] · cos 2π(rows[j] · p / height + columns[j] · q / width), as <c>torch.fft.ifft2(…).real</c>.
    /// </summary>
    /// <param name="x">The entries, [n].</param>
    /// <param name="rows">The row of each entry.</param>
    /// <param name="columns">The column of each entry.</param>
    /// <param name="height">Rows of the matrix.</param>
    /// <param name="width">Columns of the matrix.</param>
    /// <returns>[height, width].</returns>
    /// <exception cref="ArgumentException">There is not one row and one column an entry.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An entry is outside the matrix.</exception>
    public static Tensor InverseFourier(this Tensor x, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, int height, int width)
    {
        if (x.Rank != 1 || rows.Length != x[0] || columns.Length != x[0])
        {
            throw new ArgumentException(
                $"{rows.Length} rows and {columns.Length} columns for entries of shape {x.ShapeText}: a vector is needed, with one of each an entry.", nameof(x));
        }

        SparseSpectrum spectrum = new(rows, columns, height, width);
        Tensor c = new(height, width);
        spectrum.Transform(x.Data, c);
        return x.NeedsGradient ? c.With(new InverseFourierGradient(x, spectrum)) : c;
    }

    private sealed class InverseFourierGradient(Tensor x, SparseSpectrum spectrum) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients) => spectrum.AddCoefficients(gradient, gradients.Buffer(x).Data);
    }
}
