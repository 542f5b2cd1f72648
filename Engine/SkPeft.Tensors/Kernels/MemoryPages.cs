using SkPeft.Tensors.Formats;

namespace SkPeft.Tensors.Kernels;

/// <summary>Asks the system for memory's pages at once, where it can: one by one, at their first touch, they cost more than what is written to them.</summary>
public static unsafe class MemoryPages
{
    /// <summary>Lets the whole pages of an array be there. Nothing happens where the system cannot do it.</summary>
    public static void Populate(float[] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        fixed (float* first = array)
        {
            Populate((byte*)first, (long)array.Length * sizeof(float));
        }
    }

    /// <summary>Lets the whole pages of a stretch of memory be there. Nothing happens where the system cannot do it.</summary>
    internal static void Populate(byte* start, long bytes)
    {
        nint page = Environment.SystemPageSize;
        nint from = ((nint)start + page - 1) & -page, to = ((nint)start + (nint)bytes) & -page;
        if (to > from)
        {
            PageAdvice.PopulateForWriting((byte*)from, to - from);
        }
    }
}
