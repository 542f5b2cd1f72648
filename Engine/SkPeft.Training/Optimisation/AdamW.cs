using System.Numerics.Tensors;

namespace SkPeft.Training.Optimisation;

/// <summary>Adam with decoupled weight decay (arXiv 1711.05101), operation by operation as <c>torch.optim.AdamW</c>.</summary>
/// <param name="beta1">The share of the old mean of gradients that is kept.</param>
/// <param name="beta2">The share of the old mean of squares that is kept.</param>
/// <param name="epsilon">Added to the root, outside of it.</param>
internal sealed class AdamW(double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8) : Optimiser
{
    // Scratch memory that stays in the cache next to the four streams.
    private const int Chunk = 2048;

    private readonly float[] _scratch = new float[Chunk];

    public override void Step(TrainingParameter parameter, ReadOnlySpan<float> gradient, double rate, double decay)
    {
        int step = Count(parameter);
        float kept = (float)(1 - (rate * decay));
        float stepSize = (float)(-rate / (1 - Math.Pow(beta1, step)));
        float root = (float)Math.Sqrt(1 - Math.Pow(beta2, step));
        Span<float> values = parameter.Value.Data;
        Span<float> means = Slot(parameter, "exp_avg", parameter.Value.Shape).Data;
        Span<float> squares = Slot(parameter, "exp_avg_sq", parameter.Value.Shape).Data;
        for (int at = 0; at < values.Length; at += Chunk)
        {
            int count = Math.Min(Chunk, values.Length - at);
            Span<float> value = values.Slice(at, count), mean = means.Slice(at, count), square = squares.Slice(at, count), work = _scratch.AsSpan(0, count);
            ReadOnlySpan<float> slope = gradient.Slice(at, count);
            TensorPrimitives.Multiply(value, kept, value);

            TensorPrimitives.Subtract(slope, mean, work);
            TensorPrimitives.Multiply(work, (float)(1 - beta1), work);
            TensorPrimitives.Add(mean, work, mean);

            TensorPrimitives.Multiply(square, (float)beta2, square);
            TensorPrimitives.Multiply(slope, slope, work);
            TensorPrimitives.Multiply(work, (float)(1 - beta2), work);
            TensorPrimitives.Add(square, work, square);

            TensorPrimitives.Sqrt(square, work);
            TensorPrimitives.Divide(work, root, work);
            TensorPrimitives.Add(work, (float)epsilon, work);
            TensorPrimitives.Divide(mean, work, work);
            TensorPrimitives.Multiply(work, stepSize, work);
            TensorPrimitives.Add(value, work, value);
        }
    }

    public override long BytesFor(IEnumerable<TrainingParameter> parameters) => parameters.Sum(p => 2L * p.Value.Length * sizeof(float));
}
