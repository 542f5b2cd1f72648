namespace SkPeft.Tensors.Kernels;

/// <summary>Families of kernels, in rising order of speed.</summary>
public enum InstructionSet
{
    /// <summary>Portable 128-bit vectors: any CPU.</summary>
    Vector128,

    /// <summary>256-bit vectors (AVX2 with FMA).</summary>
    Avx2,

    /// <summary>512-bit vectors (AVX-512 F, BW, DQ, VL).</summary>
    Avx512,
}
