namespace SkPeft.Tensors.Formats;

/// <summary>How the numbers of a stored tensor are encoded. The first fifteen can be read as floats; the others are only listed.</summary>
public enum TensorType
{
    /// <summary>IEEE 754 single precision.</summary>
    F32,

    /// <summary>IEEE 754 half precision.</summary>
    F16,

    /// <summary>The upper half of a single.</summary>
    BF16,

    /// <summary>32 weights of 4 bits, one scale.</summary>
    Q4_0,

    /// <summary>32 weights of 4 bits, scale and minimum.</summary>
    Q4_1,

    /// <summary>32 weights of 5 bits, one scale.</summary>
    Q5_0,

    /// <summary>32 weights of 5 bits, scale and minimum.</summary>
    Q5_1,

    /// <summary>32 weights of 8 bits, one scale.</summary>
    Q8_0,

    /// <summary>Super-block of 256 weights of 2 bits.</summary>
    Q2_K,

    /// <summary>Super-block of 256 weights of 3 bits.</summary>
    Q3_K,

    /// <summary>Super-block of 256 weights of 4 bits.</summary>
    Q4_K,

    /// <summary>Super-block of 256 weights of 5 bits.</summary>
    Q5_K,

    /// <summary>Super-block of 256 weights of 6 bits.</summary>
    Q6_K,

    /// <summary>32 weights of 4 bits on a non-linear scale.</summary>
    IQ4_NL,

    /// <summary>Super-block of 256 weights of 4 bits on a non-linear scale.</summary>
    IQ4_XS,

    /// <summary>IEEE 754 double precision; listed only.</summary>
    F64,

    /// <summary>8-bit float, 4 bits of exponent; listed only.</summary>
    F8_E4M3,

    /// <summary>8-bit float, 5 bits of exponent; listed only.</summary>
    F8_E5M2,

    /// <summary>64-bit integer; listed only.</summary>
    I64,

    /// <summary>32-bit integer; listed only.</summary>
    I32,

    /// <summary>16-bit integer; listed only.</summary>
    I16,

    /// <summary>8-bit integer; listed only.</summary>
    I8,

    /// <summary>Unsigned 64-bit integer; listed only.</summary>
    U64,

    /// <summary>Unsigned 32-bit integer; listed only.</summary>
    U32,

    /// <summary>Unsigned 16-bit integer; listed only.</summary>
    U16,

    /// <summary>Unsigned 8-bit integer; listed only.</summary>
    U8,

    /// <summary>One byte a truth value; listed only.</summary>
    Bool,
}
