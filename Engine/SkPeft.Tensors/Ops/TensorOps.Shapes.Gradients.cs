using System.Numerics.Tensors;
using SkPeft.Tensors.Differentiation;

namespace SkPeft.Tensors.Ops;

// Gradients of what takes apart and puts together: elements go back where they came from.
public static partial class TensorOps
{
    private static bool AnyNeedsGradient(ReadOnlySpan<Tensor> tensors)
    {
        foreach (Tensor tensor in tensors)
        {
            if (tensor.NeedsGradient)
            {
                return true;
            }
        }

        return false;
    }

    private static void AddTo(Span<float> sum, ReadOnlySpan<float> x) => TensorPrimitives.Add(sum, x, sum);

    private sealed class SliceGradient(Tensor x, int axis, int start, int count) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            (int outer, int extent, int inner) = Split(x, axis);
            Tensor sum = gradients.Buffer(x);
            int length = count * inner;
            for (int o = 0; o < outer; o++)
            {
                AddTo(sum.Data.Slice(((o * extent) + start) * inner, length), gradient.Data.Slice(o * length, length));
            }
        }
    }

    private sealed class ConcatGradient(Tensor[] parts, int axis) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            (int outer, int extent, int inner) = Split(gradient, axis);
            int start = 0;
            foreach (Tensor part in parts)
            {
                int length = part.Shape[axis] * inner;
                if (part.NeedsGradient)
                {
                    Tensor sum = gradients.Buffer(part);
                    for (int o = 0; o < outer; o++)
                    {
                        AddTo(sum.Data.Slice(o * length, length), gradient.Data.Slice((o * extent * inner) + start, length));
                    }
                }

                start += length;
            }
        }
    }

    private sealed class GatherGradient(Tensor table, int[] indices, int axis) : Operation
    {
        public override void Backward(Tensor gradient, Gradients gradients)
        {
            (int outer, int extent, int inner) = Split(table, axis);
            Tensor sum = gradients.Buffer(table);
            for (int o = 0; o < outer; o++)
            {
                for (int i = 0; i < indices.Length; i++)
                {
                    AddTo(sum.Data.Slice(((o * extent) + indices[i]) * inner, inner), gradient.Data.Slice(((o * indices.Length) + i) * inner, inner));
                }
            }
        }
    }
}
