namespace SkPeft.Tensors.Ops;

/// <summary>erf(x) = 2/√π ∫₀ˣ e^(−t²) dt, to about 1e-9: .NET has none.</summary>
/// <remarks>
/// A table made from the all-positive series (Abramowitz &amp; Stegun 7.1.6) is interpolated by cubics that also match the derivative,
/// which is known in closed form; the error of such a cubic is at most h⁴/384 · max |f⁗|.
/// </remarks>
internal static class ErrorFunction
{
    private const int StepsPerUnit = 64;

    // Beyond 6, 1 - erf(x) is below 3e-17.
    private const int End = 6;

    private static readonly double[] s_values = MakeTable();

    /// <summary>erf(x); NaN gives NaN.</summary>
    public static double Of(double x)
    {
        double size = Math.Abs(x);
        if (size >= End)
        {
            return Math.CopySign(1.0, x);
        }

        if (double.IsNaN(x))
        {
            return x;
        }

        int cell = (int)(size * StepsPerUnit);
        double from = (double)cell / StepsPerUnit;
        double to = (double)(cell + 1) / StepsPerUnit;
        double t = (size - from) * StepsPerUnit;
        double slopeFrom = Derivative(from) / StepsPerUnit;
        double slopeTo = Derivative(to) / StepsPerUnit;
        double rise = s_values[cell + 1] - s_values[cell];
        double value = s_values[cell] + (t * (slopeFrom + (t * ((3 * rise) - (2 * slopeFrom) - slopeTo + (t * (slopeFrom + slopeTo - (2 * rise)))))));
        return Math.CopySign(value, x);
    }

    private static double Derivative(double x) => 2.0 / Math.Sqrt(Math.PI) * Math.Exp(-x * x);

    private static double[] MakeTable()
    {
        double[] values = new double[(End * StepsPerUnit) + 2];
        for (int i = 0; i < values.Length; i++)
        {
            // erf(x) = 2/√π e^(−x²) Σ_n 2ⁿ x^(2n+1) / (1·3·…·(2n+1)).
            double x = (double)i / StepsPerUnit;
            double term = x;
            double sum = 0;
            for (int n = 1; term > sum * 1e-17; n++)
            {
                sum += term;
                term *= 2 * x * x / ((2 * n) + 1);
            }

            values[i] = Derivative(x) * sum;
        }

        return values;
    }
}
