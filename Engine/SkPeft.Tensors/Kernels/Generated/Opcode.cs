namespace SkPeft.Tensors.Kernels;

/// <summary>An EVEX-encoded instruction on 512-bit registers (Intel SDM vol. 2, 2.7).</summary>
/// <param name="Map">Opcode map: 1 = 0F, 2 = 0F38.</param>
/// <param name="Prefix">Implied prefix: 0 none, 1 = 66, 2 = F3.</param>
/// <param name="Code">The opcode byte.</param>
/// <param name="IsWide">The W bit.</param>
internal readonly record struct Opcode(byte Map, byte Prefix, byte Code, bool IsWide = false)
{
    /// <summary>d = bits of memory.</summary>
    public static readonly Opcode Load = new(1, 2, 0x6F);

    /// <summary>Memory = d.</summary>
    public static readonly Opcode Store = new(1, 0, 0x11);

    /// <summary>d = fp16 values of 32 bytes, as fp32.</summary>
    public static readonly Opcode LoadHalf = new(2, 1, 0x13);

    /// <summary>d = a &amp; b.</summary>
    public static readonly Opcode And = new(1, 1, 0xDB);

    /// <summary>d = a ^ b.</summary>
    public static readonly Opcode Xor = new(1, 1, 0xEF);

    /// <summary>d = a + b, int32.</summary>
    public static readonly Opcode Add = new(1, 1, 0xFE);

    /// <summary>Shifts by a constant; see <see cref="VectorAssembler.ShiftLeft"/>.</summary>
    public static readonly Opcode Shift = new(1, 1, 0x72);

    /// <summary>d += four products of unsigned bytes of a and signed bytes of b, in every 32-bit lane (VPDPBUSD, AVX512_VNNI).</summary>
    public static readonly Opcode AddByteProducts = new(2, 1, 0x50);

    /// <summary>d = the 16-bit words of b that a names.</summary>
    public static readonly Opcode PermuteWords = new(2, 1, 0x8D, IsWide: true);

    /// <summary>d = b, int32 as fp32.</summary>
    public static readonly Opcode ToSingle = new(1, 0, 0x5B);

    /// <summary>d = a · b, fp32.</summary>
    public static readonly Opcode Multiply = new(1, 0, 0x59);

    /// <summary>d += a · b, fp32, rounded once.</summary>
    public static readonly Opcode MultiplyAdd = new(2, 1, 0xB8);

    /// <summary>d = a general register in every 32-bit lane.</summary>
    public static readonly Opcode Broadcast = new(2, 1, 0x7C);
}
