namespace SkPeft.Tensors.Kernels;

/// <summary>How many inputs share a scale.</summary>
internal interface IBlockLength
{
    static abstract int Inputs { get; }
}

/// <summary>16 inputs a block.</summary>
internal readonly struct Sixteen : IBlockLength
{
    public static int Inputs => 16;
}

/// <summary>32 inputs a block.</summary>
internal readonly struct ThirtyTwo : IBlockLength
{
    public static int Inputs => 32;
}
