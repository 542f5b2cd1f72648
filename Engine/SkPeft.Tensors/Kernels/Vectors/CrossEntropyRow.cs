namespace SkPeft.Tensors.Kernels;

/// <summary>Softmax cross-entropy of one row of logits.</summary>
internal static unsafe class CrossEntropyRow
{
    /// <summary>Terms summed in fp32 before they go into a double: the rounding of a whole vocabulary's sum stays near 1e-7.</summary>
    private const int Stretch = 1024;

    public static float Loss(VectorKernels vectors, float* row, int size, int target)
    {
        float largest = vectors.Largest(row, size);
        return Loss(largest, vectors.SumExpShifted(row, largest, size), row[target]);
    }

    /// <summary>Returns the loss and replaces the row by weight · (softmax − onehot).</summary>
    public static float LossAndGradient(VectorKernels vectors, float* row, int size, int target, float weight)
    {
        float largest = vectors.Largest(row, size);
        float chosen = row[target];
        double sum = 0;
        for (int k = 0; k < size; k += Stretch)
        {
            sum += vectors.ExpShifted(row + k, largest, Math.Min(Stretch, size - k));
        }

        vectors.Scale((float)(weight / sum), row, size);
        row[target] -= weight;
        return Loss(largest, sum, chosen);
    }

    private static float Loss(float largest, double sum, float chosen) => (float)((double)largest - chosen + Math.Log(sum));
}
