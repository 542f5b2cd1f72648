namespace SkPeft.Tensors.Kernels;

/// <summary>How matrix products with stored weights are computed.</summary>
public enum Precision
{
    /// <summary>fp32 activations against dequantised weights.</summary>
    Exact,

    /// <summary>Activations rounded to 16 bits in blocks of 16 or 32 where the weights are quantised; as exact elsewhere.</summary>
    Fast,
}
