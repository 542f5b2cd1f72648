namespace SkPeft.Tensors.Kernels;

/// <summary>How matrix products with stored weights are computed.</summary>
public enum Precision
{
    /// <summary>fp32 activations against dequantised weights.</summary>
    Exact,

    /// <summary>Activations quantised in blocks of 32 where the weights are quantised; as exact elsewhere.</summary>
    Fast,
}
