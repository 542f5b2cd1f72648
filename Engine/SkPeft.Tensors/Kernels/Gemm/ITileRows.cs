namespace SkPeft.Tensors.Kernels;

/// <summary>The number of rows of a micro-kernel's tile, known to the JIT.</summary>
internal interface ITileRows
{
    static abstract int Value { get; }
}

/// <summary>2 rows.</summary>
internal readonly struct TwoRows : ITileRows
{
    public static int Value => 2;
}

/// <summary>4 rows.</summary>
internal readonly struct FourRows : ITileRows
{
    public static int Value => 4;
}

/// <summary>6 rows.</summary>
internal readonly struct SixRows : ITileRows
{
    public static int Value => 6;
}

/// <summary>8 rows.</summary>
internal readonly struct EightRows : ITileRows
{
    public static int Value => 8;
}

/// <summary>12 rows.</summary>
internal readonly struct TwelveRows : ITileRows
{
    public static int Value => 12;
}
