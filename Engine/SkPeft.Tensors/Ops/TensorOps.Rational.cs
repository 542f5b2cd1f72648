using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Polynomials, and the learned activation that is a quotient of two.
public static partial class TensorOps
{
    /// <summary>A polynomial of every element by Horner's rule: c = Σ_j a_j · x^j.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="coefficients">a, [degree + 1], the constant first; [0] is the zero polynomial.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentException">The coefficients are not a vector.</exception>
    public static Tensor Horner(this Tensor x, Tensor coefficients)
    {
        if (coefficients.Rank != 1)
        {
            throw new ArgumentException($"A vector of coefficients is needed, this tensor has shape {coefficients.ShapeText}.", nameof(coefficients));
        }

        Tensor c = ResultScope.Rent(x.Shape);
        ReadOnlySpan<float> a = coefficients.Data;
        for (int i = 0; i < x.Length; i++)
        {
            float value = x.Data[i];
            float sum = 0;
            for (int j = a.Length - 1; j >= 0; j--)
            {
                sum = (sum * value) + a[j];
            }

            c.Data[i] = sum;
        }

        return NeedGradient(x, coefficients) ? c.With(new HornerGradient(x, coefficients)) : c;
    }

    /// <summary>
    /// The Padé activation unit in its safe form, element by element: (Σ_{j≥0} a_j x^j) / (1 + |Σ_{i≥1} b_i x^i|)
    /// (Molina et al., arXiv 1907.06732; degrees 6 and 5 in MiLoRA, arXiv 2410.18035, eq. 6).
    /// </summary>
    /// <param name="x">Any shape.</param>
    /// <param name="numerator">a, [degree + 1], the constant first.</param>
    /// <param name="denominator">b, [degree], the linear coefficient first: there is no constant.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentException">The coefficients are not vectors.</exception>
    public static Tensor Rational(this Tensor x, Tensor numerator, Tensor denominator) =>
        x.Horner(numerator).Divide(x.Multiply(x.Horner(denominator)).Abs().AddScalar(1f));

    private sealed class HornerGradient(Tensor x, Tensor coefficients) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            if (x.NeedsGradient)
            {
                Tensor ofX = gradients.Rent(x.Shape);
                for (int i = 0; i < x.Length; i++)
                {
                    ofX.Data[i] = gradient.Data[i] * Slope(x.Data[i]);
                }

                gradients.Add(x, ofX);
            }

            if (coefficients.NeedsGradient)
            {
                AddPowers(gradient, gradients.Buffer(coefficients));
            }
        }

        private float Slope(float value)
        {
            ReadOnlySpan<float> a = coefficients.Data;
            float sum = 0;
            for (int j = a.Length - 1; j > 0; j--)
            {
                sum = (sum * value) + (j * a[j]);
            }

            return sum;
        }

        // In double: one coefficient gathers from every element.
        private void AddPowers(Tensor gradient, Tensor to)
        {
            double[] sums = new double[to.Length];
            for (int i = 0; i < x.Length; i++)
            {
                double term = gradient.Data[i];
                for (int j = 0; j < sums.Length; j++)
                {
                    sums[j] += term;
                    term *= x.Data[i];
                }
            }

            for (int j = 0; j < sums.Length; j++)
            {
                to.Data[j] += (float)sums[j];
            }
        }
    }
}
