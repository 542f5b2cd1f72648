using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Softmax and its denominator as logarithms, which neither overflow nor vanish.
public static partial class TensorOps
{
    /// <summary>log Σ_k e^(x[…, k, …]) over an axis, which disappears; −∞ for an axis of no elements.</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <returns>The shape of x without the axis.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Tensor LogSumExp(this Tensor x, int axis)
    {
        int at = AxisOf(x, axis);
        Tensor c = new([.. x.Shape[..at], .. x.Shape[(at + 1)..]]);
        (_, int extent, int inner) = Split(x, at);
        for (int lane = 0; lane < c.Length; lane++)
        {
            c.Data[lane] = (float)LogSumExp(x.Data[LaneStart(lane, extent, inner)..], extent, inner);
        }

        return x.NeedsGradient ? c.With(new LogSumExpGradient(x, c, at)) : c;
    }

    /// <summary>log softmax: c[…, k, …] = x[…, k, …] − log Σ_j e^(x[…, j, …]), the sum being taken along the axis.</summary>
    /// <param name="x">At least one axis.</param>
    /// <param name="axis">The axis; negative counts from the end.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public static Tensor LogSoftmax(this Tensor x, int axis)
    {
        int at = AxisOf(x, axis);
        (int outer, int extent, int inner) = Split(x, at);
        Tensor c = ResultScope.Rent(x.Shape);
        for (int lane = 0; lane < outer * inner && extent > 0; lane++)
        {
            int start = LaneStart(lane, extent, inner);
            double log = LogSumExp(x.Data[start..], extent, inner);
            for (int k = 0; k < extent; k++)
            {
                c.Data[start + (k * inner)] = (float)(x.Data[start + (k * inner)] - log);
            }
        }

        return x.NeedsGradient ? c.With(new LogSoftmaxGradient(x, c, at)) : c;
    }

    /// <summary>The cross-entropy of every row with a label: c[i] = −log softmax(logits[i])[labels[i]]. For small numbers of classes.</summary>
    /// <param name="logits">[n, classes].</param>
    /// <param name="labels">n numbers of classes.</param>
    /// <returns>[n]; their mean is the usual loss.</returns>
    /// <exception cref="ArgumentException">It is not a matrix, or there is not one label a row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public static Tensor SoftmaxCrossEntropy(this Tensor logits, ReadOnlySpan<int> labels)
    {
        RequireMatrix(logits, nameof(logits));
        return labels.Length == logits[0]
            ? logits.LogSoftmax(1).GatherElements(labels, 1).Reshape(labels.Length).Scale(-1)
            : throw new ArgumentException($"{labels.Length} labels for logits of shape {logits.ShapeText}: one is needed for every row.", nameof(labels));
    }

    private static int LaneStart(int lane, int extent, int inner) => (lane / inner * extent * inner) + (lane % inner);

    private static double LogSumExp(ReadOnlySpan<float> from, int extent, int step)
    {
        float highest = float.NegativeInfinity;
        for (int k = 0; k < extent; k++)
        {
            highest = MathF.Max(highest, from[k * step]);
        }

        double sum = 0;
        for (int k = 0; k < extent; k++)
        {
            sum += Math.Exp((double)from[k * step] - highest);
        }

        return float.IsFinite(highest) ? highest + Math.Log(sum) : highest;
    }

    /// <summary>dx = dy · softmax(x).</summary>
    private sealed class LogSumExpGradient(Tensor x, Tensor logs, int axis) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            (_, int extent, int inner) = Split(x, axis);
            Tensor result = gradients.Rent(x.Shape);
            for (int lane = 0; lane < logs.Length; lane++)
            {
                int start = LaneStart(lane, extent, inner);
                for (int k = 0; k < extent; k++)
                {
                    int at = start + (k * inner);
                    result.Data[at] = gradient.Data[lane] * MathF.Exp(x.Data[at] - logs.Data[lane]);
                }
            }

            gradients.Add(x, result);
        }
    }

    /// <summary>dx = dy − softmax(x) · Σ dy, the sum being taken along the axis.</summary>
    private sealed class LogSoftmaxGradient(Tensor x, Tensor y, int axis) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            (int outer, int extent, int inner) = Split(x, axis);
            Tensor result = gradients.Rent(x.Shape);
            for (int lane = 0; lane < outer * inner && extent > 0; lane++)
            {
                int start = LaneStart(lane, extent, inner);
                double sum = 0;
                for (int k = 0; k < extent; k++)
                {
                    sum += gradient.Data[start + (k * inner)];
                }

                for (int k = 0; k < extent; k++)
                {
                    int at = start + (k * inner);
                    result.Data[at] = (float)(gradient.Data[at] - (Math.Exp(y.Data[at]) * sum));
                }
            }

            gradients.Add(x, result);
        }
    }
}
