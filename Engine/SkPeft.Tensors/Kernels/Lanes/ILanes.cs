namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Sixteen fp32 values in registers: one 512-bit, two 256-bit or four 128-bit vectors. Kernels are written once against this
/// interface; because every implementation has sixteen lanes and folds sums in the same order, the instruction sets agree.
/// </summary>
internal unsafe interface ILanes<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Lanes in a value.</summary>
    const int Count = 16;

    static abstract T Zero { get; }

    static abstract T Load(float* from);

    /// <summary>Loads sixteen fp16 values; infinities and NaN are not handled.</summary>
    static abstract T LoadHalf(ushort* from);

    static abstract T LoadBFloat16(ushort* from);

    /// <summary>Loads sixteen signed bytes.</summary>
    static abstract T LoadSBytes(sbyte* from);

    static abstract T Broadcast(float value);

    static abstract void Store(T value, float* to);

    /// <summary>Stores as fp16, rounded to nearest even; finite values beyond ±65504 are stored as ±65504.</summary>
    static abstract void StoreHalf(T value, ushort* to);

    /// <summary>Rounds to nearest even and stores as int8; values must lie within ±127.</summary>
    static abstract void StoreSBytes(T value, sbyte* to);

    /// <summary>Rounds to nearest even and stores as int16; values must lie within ±32767.</summary>
    static abstract void StoreShorts(T value, short* to);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    static abstract T operator /(T a, T b);

    /// <summary>a · b + c, rounded once where the CPU has fused multiply-add.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    static abstract T Max(T a, T b);

    static abstract T Min(T a, T b);

    static abstract T Abs(T a);

    /// <summary>Rounds to the nearest whole number, halves to even.</summary>
    static abstract T Round(T a);

    /// <summary>2ⁿ for whole n in −126 … 128; the last is infinite.</summary>
    static abstract T PowerOfTwo(T n);

    /// <summary><paramref name="value"/>, but 0 in the lanes where x is below the limit.</summary>
    static abstract T ZeroWhereBelow(T value, T x, T limit);

    static abstract float Sum(T a);

    static abstract float Largest(T a);
}
