namespace SkPeft.Tensors.Kernels;

/// <summary>The number of rows of a micro-kernel's tile, known to the JIT.</summary>
internal interface ITileRows
{
    static abstract int Value { get; }
}

/// <summary>1 row.</summary>
internal readonly struct OneRow : ITileRows
{
    public static int Value => 1;
}

/// <summary>2 rows.</summary>
internal readonly struct TwoRows : ITileRows
{
    public static int Value => 2;
}

/// <summary>3 rows.</summary>
internal readonly struct ThreeRows : ITileRows
{
    public static int Value => 3;
}

/// <summary>4 rows.</summary>
internal readonly struct FourRows : ITileRows
{
    public static int Value => 4;
}

/// <summary>5 rows.</summary>
internal readonly struct FiveRows : ITileRows
{
    public static int Value => 5;
}

/// <summary>6 rows.</summary>
internal readonly struct SixRows : ITileRows
{
    public static int Value => 6;
}

/// <summary>7 rows.</summary>
internal readonly struct SevenRows : ITileRows
{
    public static int Value => 7;
}

/// <summary>8 rows.</summary>
internal readonly struct EightRows : ITileRows
{
    public static int Value => 8;
}

/// <summary>9 rows.</summary>
internal readonly struct NineRows : ITileRows
{
    public static int Value => 9;
}

/// <summary>10 rows.</summary>
internal readonly struct TenRows : ITileRows
{
    public static int Value => 10;
}

/// <summary>11 rows.</summary>
internal readonly struct ElevenRows : ITileRows
{
    public static int Value => 11;
}

/// <summary>12 rows.</summary>
internal readonly struct TwelveRows : ITileRows
{
    public static int Value => 12;
}
