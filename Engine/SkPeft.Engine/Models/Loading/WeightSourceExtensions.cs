using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models.Loading;

/// <summary>Common readings of a weight source.</summary>
public static class WeightSourceExtensions
{
    /// <summary>The tensor of this Hugging Face name, which must be there.</summary>
    /// <exception cref="FileFormatException">There is no such tensor.</exception>
    public static StoredTensor Get(this IWeightSource source, string hfName)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Find(hfName) ?? throw new FileFormatException(source.Path, $"tensor '{hfName}'", "no such tensor", "the tensor");
    }

    /// <summary>
    /// Where the rows of a tensor lie: entry r is the file's row of Hugging Face's row r; null where both orders are the same.
    /// </summary>
    public static int[]? FileRows(this IWeightSource source, string hfName)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(hfName);
        bool query = hfName.Contains(".self_attn.q_proj.", StringComparison.Ordinal);
        bool key = hfName.Contains(".self_attn.k_proj.", StringComparison.Ordinal);
        ModelSizes sizes = source.Config.Sizes;
        return source.RopeLayout == RopeLayout.Interleaved && (query || key)
            ? RopePermutation.FileRows(query ? sizes.QueryWidth : sizes.KeyValueWidth, sizes.HeadDim)
            : null;
    }

    /// <summary>A whole tensor as fp32, row-major, its rows in Hugging Face's order.</summary>
    /// <exception cref="FileFormatException">There is no such tensor.</exception>
    public static float[] Read(this IWeightSource source, string hfName)
    {
        StoredTensor tensor = source.Get(hfName);
        float[] stored = tensor.ToArray();
        if (source.FileRows(hfName) is not { } rows)
        {
            return stored;
        }

        // A bias is one row in the file, but its elements move as the rows of the weight do.
        int width = stored.Length / rows.Length;
        float[] ordered = new float[stored.Length];
        for (int row = 0; row < rows.Length; row++)
        {
            stored.AsSpan(rows[row] * width, width).CopyTo(ordered.AsSpan(row * width));
        }

        return ordered;
    }
}
