namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Sixty-four bytes of integers in registers, the partner of <see cref="ILanes{T}"/>: every lane of fp32 corresponds to one
/// group of four bytes. All operations are exact, so instruction sets agree to the last bit.
/// </summary>
internal unsafe interface IWords<T, TLanes>
    where T : unmanaged, IWords<T, TLanes>
    where TLanes : unmanaged, ILanes<TLanes>
{
    static abstract T Zero { get; }

    /// <summary>64 bytes as they are.</summary>
    static abstract T Load(byte* from);

    /// <summary>32 signed bytes, widened to int16.</summary>
    static abstract T LoadWidened(sbyte* from);

    /// <summary>The same four bytes in every lane.</summary>
    static abstract T Broadcast(int fourBytes);

    /// <summary>Adds, lane by lane, the products of two pairs of int16 to int32 sums.</summary>
    static abstract T AddShortProducts(T sum, T a, T b);

    /// <summary>Four bits of every int16, from bit <paramref name="shift"/> on.</summary>
    static abstract T ShortNibbles(T words, int shift);

    /// <summary>Sixteen int32 as floats.</summary>
    static abstract TLanes ToLanes(T ints);

    /// <summary>Four bits of every lane, from bit <paramref name="shift"/> on, as floats.</summary>
    static abstract TLanes Nibble(T words, int shift);

    /// <summary>The lower int16 of every lane as floats.</summary>
    static abstract TLanes LowShorts(T words);

    /// <summary>The upper int16 of every lane as floats.</summary>
    static abstract TLanes HighShorts(T words);
}
