using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Memory;

/// <summary>Keys and values of sixteen consecutive positions. Pages with more than one owner are read only.</summary>
internal sealed unsafe class KvPage(NativeBuffer buffer)
{
    /// <summary>The first byte.</summary>
    public byte* Start => buffer.Start;

    /// <summary>Sequences and cache entries that own it. Guarded by its pool.</summary>
    public int Owners { get; set; }

    /// <summary>Entries of the prefix cache among them.</summary>
    public int CacheOwners { get; set; }

    /// <summary>True where a write would be seen by another owner.</summary>
    public bool IsShared => Owners > 1;

    public void CopyTo(KvPage other) => Buffer.MemoryCopy(buffer.Start, other.Start, buffer.Bytes, buffer.Bytes);

    public void Free() => buffer.Dispose();
}
