using System.Numerics.Tensors;

namespace SkPeft.Training.Optimisation;

/// <summary>
/// Adafactor (arXiv 1804.04235) without momentum: of a matrix's squared gradients only the means of rows and columns are kept. The defaults
/// are those of prompt tuning (arXiv 2104.08691): a given rate, no scaling by the size of the parameter, 1 − step^−0.8 of the means kept.
/// </summary>
/// <param name="decayRate">The power of the step's number; the means keep 1 − step^−decayRate.</param>
/// <param name="clipThreshold">The root mean square that an update may have before the rate.</param>
/// <param name="scaleParameter">Whether the rate is multiplied by the root mean square of the parameter (at least 1e-3).</param>
/// <param name="relativeStep">Whether the rate is at most 1/√step.</param>
internal sealed class Adafactor(double decayRate = 0.8, double clipThreshold = 1, bool scaleParameter = false, bool relativeStep = false) : Optimiser
{
    // Added to squares of gradients, and the least size of a parameter: the paper's ε₁ and ε₂.
    private const float SquareFloor = 1e-30f;
    private const double SizeFloor = 1e-3;

    public override void Step(TrainingParameter parameter, ReadOnlySpan<float> gradient, double rate, double decay)
    {
        int step = Count(parameter);
        float kept = (float)(1 - Math.Pow(step, -decayRate));
        Span<float> value = parameter.Value.Data;
        double stepRate = relativeStep ? Math.Min(rate, 1 / Math.Sqrt(step)) : rate;
        if (scaleParameter)
        {
            stepRate *= Math.Max(SizeFloor, RootMeanSquare(value));
        }

        Span<float> update = Scratch(value.Length);
        if (parameter.Value.Rank >= 2)
        {
            Factored(parameter, gradient, kept, update);
        }
        else
        {
            Whole(parameter, gradient, kept, update);
        }

        double size = Math.Max(1, RootMeanSquare(update) / clipThreshold);
        if (decay != 0)
        {
            TensorPrimitives.Multiply(value, (float)(1 - (decay * stepRate)), value);
        }

        TensorPrimitives.MultiplyAdd(update, (float)(-stepRate / size), value, value);
    }

    public override long BytesFor(IEnumerable<TrainingParameter> parameters) =>
        ScratchBytes(parameters) + parameters.Sum(p => (p.Value.Rank < 2 ? p.Value.Length : ((long)p.Value.Length / p.Value[^1]) + (p.Value.Length / p.Value[^2])) * sizeof(float));

    private void Whole(TrainingParameter parameter, ReadOnlySpan<float> gradient, float kept, Span<float> update)
    {
        Span<float> squares = Slot(parameter, "exp_avg_sq", parameter.Value.Shape).Data;
        for (int i = 0; i < squares.Length; i++)
        {
            squares[i] = (kept * squares[i]) + ((1 - kept) * ((gradient[i] * gradient[i]) + SquareFloor));
            update[i] = gradient[i] / MathF.Sqrt(squares[i]);
        }
    }

    private void Factored(TrainingParameter parameter, ReadOnlySpan<float> gradient, float kept, Span<float> update)
    {
        Tensor shape = parameter.Value;
        int columns = shape[^1], rows = shape[^2], matrices = shape.Length == 0 ? 0 : shape.Length / (rows * columns);
        Span<float> rowMeans = Slot(parameter, "exp_avg_sq_row", matrices, rows).Data, columnMeans = Slot(parameter, "exp_avg_sq_col", matrices, columns).Data;
        float[] squares = new float[columns], sums = new float[columns];
        for (int m = 0; m < matrices; m++)
        {
            Span<float> row = rowMeans.Slice(m * rows, rows), column = columnMeans.Slice(m * columns, columns);
            Array.Clear(sums);
            for (int r = 0; r < rows; r++)
            {
                ReadOnlySpan<float> slopes = gradient.Slice(((m * rows) + r) * columns, columns);
                TensorPrimitives.Multiply(slopes, slopes, squares);
                TensorPrimitives.Add(squares, SquareFloor, squares);
                TensorPrimitives.Add(sums, squares, sums);
                row[r] = (kept * row[r]) + ((1 - kept) * (TensorPrimitives.Sum(squares) / columns));
            }

            TensorPrimitives.Multiply(sums, (1 - kept) / rows, sums);
            TensorPrimitives.MultiplyAdd(column, kept, sums, column);
            TensorPrimitives.ReciprocalSqrt(column, sums);
            float mean = TensorPrimitives.Sum<float>(row) / rows;
            for (int r = 0; r < rows; r++)
            {
                int at = ((m * rows) + r) * columns;
                Span<float> part = update.Slice(at, columns);
                TensorPrimitives.Multiply(gradient.Slice(at, columns), sums, part);
                TensorPrimitives.Multiply(part, 1 / MathF.Sqrt(row[r] / mean), part);
            }
        }
    }

    private static double RootMeanSquare(ReadOnlySpan<float> values) => values.IsEmpty ? 0 : Math.Sqrt(SquareSum.Of(values) / values.Length);
}
