namespace SkPeft.Tensors.Kernels;

/// <summary>The panel formats in use.</summary>
internal enum PanelKind
{
    /// <summary>fp32.</summary>
    Single,

    /// <summary>fp16.</summary>
    Half,

    /// <summary>bfloat16.</summary>
    BFloat16,

    /// <summary>4 bits, blocks of 32, fp16 scale, minimum −8 scales: Q4_0.</summary>
    CentredNibble,

    /// <summary>4 bits, blocks of 32, fp16 scale and minimum: Q4_1.</summary>
    HalfNibble,

    /// <summary>4 bits, blocks of 32, fp32 scale and minimum: Q4_K.</summary>
    SingleNibble,

    /// <summary>8 bits, blocks of 32, fp16 scale: Q8_0.</summary>
    HalfByte,

    /// <summary>8 bits, blocks of 16, fp32 scale: Q3_K, Q5_0, Q6_K, IQ4.</summary>
    PlainGroup,

    /// <summary>8 bits, blocks of 16, fp32 scale and minimum: Q2_K, Q5_K, Q5_1, and fused matrices of different formats.</summary>
    Group,
}
