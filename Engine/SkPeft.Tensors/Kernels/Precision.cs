namespace SkPeft.Tensors.Kernels;

/// <summary>How matrix products with stored weights are computed.</summary>
public enum Precision
{
    /// <summary>fp32 activations against dequantised weights.</summary>
    Exact,

    /// <summary>Activations rounded to 16 bits in blocks of 16 or 32 where the weights are quantised; as exact elsewhere.</summary>
    Fast,

    /// <summary>
    /// As <see cref="Fast"/>, but blocks are rounded to 8 bits unless they hold an outlier (a value above four times the root mean square of its row),
    /// where the CPU gains by it (<see cref="InstructionSet.Avx512Vnni"/>); as <see cref="Fast"/> elsewhere.
    /// </summary>
    Int8,
}
