namespace SkPeft.Tensors.Kernels;

/// <summary>Reads and writes single positions of key/value pages.</summary>
public static unsafe class KvPages
{
    /// <summary>Stores the keys of one position of one layer.</summary>
    /// <param name="layout">The pages' layout.</param>
    /// <param name="page">Start of the page (<see cref="KvPageLayout.PageBytes"/> bytes).</param>
    /// <param name="layer">The layer.</param>
    /// <param name="slot">Position within the page, 0 … 15.</param>
    /// <param name="keys">[kvHeads · headDim], rotated.</param>
    public static void WriteKey(KvPageLayout layout, byte* page, int layer, int slot, float* keys)
    {
        for (int head = 0; head < layout.KvHeads; head++)
        {
            byte* block = page + layout.KeyOffset(layer, head);
            for (int d = 0; d < layout.HeadDim; d++)
            {
                Store(layout, block, (d * KvPageLayout.Positions) + slot, keys[(head * layout.HeadDim) + d]);
            }
        }
    }

    /// <summary>Stores the values of one position of one layer; parameters as for <see cref="WriteKey"/>.</summary>
    public static void WriteValue(KvPageLayout layout, byte* page, int layer, int slot, float* values)
    {
        for (int head = 0; head < layout.KvHeads; head++)
        {
            byte* block = page + layout.ValueOffset(layer, head);
            for (int d = 0; d < layout.HeadDim; d++)
            {
                Store(layout, block, (slot * layout.HeadDim) + d, values[(head * layout.HeadDim) + d]);
            }
        }
    }

    /// <summary>Reads the keys of one position of one layer, [kvHeads · headDim].</summary>
    public static void ReadKey(KvPageLayout layout, byte* page, int layer, int slot, float* keys)
    {
        for (int head = 0; head < layout.KvHeads; head++)
        {
            byte* block = page + layout.KeyOffset(layer, head);
            for (int d = 0; d < layout.HeadDim; d++)
            {
                keys[(head * layout.HeadDim) + d] = Load(layout, block, (d * KvPageLayout.Positions) + slot);
            }
        }
    }

    /// <summary>Reads the values of one position of one layer, [kvHeads · headDim].</summary>
    public static void ReadValue(KvPageLayout layout, byte* page, int layer, int slot, float* values)
    {
        for (int head = 0; head < layout.KvHeads; head++)
        {
            byte* block = page + layout.ValueOffset(layer, head);
            for (int d = 0; d < layout.HeadDim; d++)
            {
                values[(head * layout.HeadDim) + d] = Load(layout, block, (slot * layout.HeadDim) + d);
            }
        }
    }

    private static void Store(KvPageLayout layout, byte* block, int index, float value)
    {
        if (layout.Half)
        {
            ((Half*)block)[index] = (Half)value;
        }
        else
        {
            ((float*)block)[index] = value;
        }
    }

    private static float Load(KvPageLayout layout, byte* block, int index) =>
        layout.Half ? (float)((Half*)block)[index] : ((float*)block)[index];
}
