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

    /// <summary>As <see cref="Avx512"/>, with products of bytes (AVX512_VNNI) in code that is generated at run time; Linux only.</summary>
    Avx512Vnni,
}
