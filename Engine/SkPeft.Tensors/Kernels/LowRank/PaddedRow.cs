using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Kernels;

/// <summary>A row in whole blocks of 32: what is left of it behind the last one stands elsewhere, filled up with zeros.</summary>
/// <param name="row">The row.</param>
/// <param name="size">Its values.</param>
/// <param name="rest">Room for 32 values.</param>
internal readonly unsafe struct PaddedRow(float* row, int size, float* rest)
{
    private readonly int _whole = size / ByteBlocks.Length;

    /// <summary>Copies the last values to where they are filled up.</summary>
    public void Pad()
    {
        int first = _whole * ByteBlocks.Length;
        new Span<float>(rest, ByteBlocks.Length).Clear();
        new ReadOnlySpan<float>(row + first, size - first).CopyTo(new Span<float>(rest, ByteBlocks.Length));
    }

    /// <summary>Copies the last values back.</summary>
    public void Unpad()
    {
        int first = _whole * ByteBlocks.Length;
        new ReadOnlySpan<float>(rest, size - first).CopyTo(new Span<float>(row + first, size - first));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Block(int block) => block < _whole ? row + (block * ByteBlocks.Length) : rest;
}
