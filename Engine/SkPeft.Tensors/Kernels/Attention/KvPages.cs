namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Reads and writes single positions of key/value pages. fp16 pages round to nearest even and hold ±65504 for anything beyond.
/// </summary>
public static unsafe class KvPages
{
    /// <summary>Stores the keys of one position of one layer.</summary>
    /// <param name="layout">The pages' layout.</param>
    /// <param name="page">Start of the page (<see cref="KvPageLayout.PageBytes"/> bytes).</param>
    /// <param name="layer">The layer.</param>
    /// <param name="slot">Position within the page, 0 … 15.</param>
    /// <param name="keys">[kvHeads · headDim], rotated.</param>
    public static void WriteKey(KvPageLayout layout, byte* page, int layer, int slot, float* keys) =>
        Write(layout, page + layout.KeyOffset(layer, 0), slot, KvPageLayout.Positions, keys);

    /// <summary>Stores the values of one position of one layer; parameters as for <see cref="WriteKey"/>.</summary>
    public static void WriteValue(KvPageLayout layout, byte* page, int layer, int slot, float* values) =>
        Write(layout, page + layout.ValueOffset(layer, 0), slot * layout.PaddedDim, 1, values);

    /// <summary>Reads the keys of one position of one layer, [kvHeads · headDim].</summary>
    public static void ReadKey(KvPageLayout layout, byte* page, int layer, int slot, float* keys) =>
        Read(layout, page + layout.KeyOffset(layer, 0), slot, KvPageLayout.Positions, keys);

    /// <summary>Reads the values of one position of one layer, [kvHeads · headDim].</summary>
    public static void ReadValue(KvPageLayout layout, byte* page, int layer, int slot, float* values) =>
        Read(layout, page + layout.ValueOffset(layer, 0), slot * layout.PaddedDim, 1, values);

    private static void Write(KvPageLayout layout, byte* block, int first, int step, float* from)
    {
        for (int head = 0; head < layout.KvHeads; head++, block += 2 * layout.BlockBytes, from += layout.HeadDim)
        {
            if (layout.Half)
            {
                WriteHalves(layout, (ushort*)block + first, step, from);
            }
            else
            {
                WriteSingles(layout, (float*)block + first, step, from);
            }
        }
    }

    private static void WriteSingles(KvPageLayout layout, float* to, int step, float* from)
    {
        for (int d = 0; d < layout.PaddedDim; d++, to += step)
        {
            *to = d < layout.HeadDim ? from[d] : 0f;
        }
    }

    private static void WriteHalves(KvPageLayout layout, ushort* to, int step, float* from)
    {
        ushort* rounded = stackalloc ushort[16];
        for (int d = 0; d < layout.PaddedDim; d += 16)
        {
            Lanes128.StoreHalf(Partial.Load<Lanes128>(from + d, Math.Min(16, layout.HeadDim - d)), rounded);
            for (int i = 0; i < 16; i++, to += step)
            {
                *to = rounded[i];
            }
        }
    }

    private static void Read(KvPageLayout layout, byte* block, int first, int step, float* to)
    {
        for (int head = 0; head < layout.KvHeads; head++, block += 2 * layout.BlockBytes)
        {
            for (int d = 0; d < layout.HeadDim; d++, to++)
            {
                int at = first + (d * step);
                *to = layout.Half ? (float)((Half*)block)[at] : ((float*)block)[at];
            }
        }
    }
}
