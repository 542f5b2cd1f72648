using System.Numerics;

namespace SkPeft.Tensors.Ops;

/// <summary>A mask's numbers: a hash of key and row (SplitMix64's finaliser), hashed again with the column (C. Wellons' lowbias32).</summary>
internal static class DropoutNumbers
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private static readonly Vector<uint> s_columns = Vector.CreateSequence(0u, 1u);

    /// <summary>Numbers below this are dropped.</summary>
    public static uint ThresholdOf(DropoutMask mask) => (uint)Math.Min(uint.MaxValue, Math.Round(mask.Probability * 4294967296.0));

    /// <summary>The number of one element, uniform over all of its type.</summary>
    public static uint At(DropoutMask mask, int row, int column)
    {
        (uint start, uint turn) = OfRow(mask, row);
        uint x = start + (uint)column;
        x = ((x ^ (x >> 16)) * 0x7FEB352D) ^ turn;
        x = (x ^ (x >> 15)) * 0x846CA68B;
        return x ^ (x >> 16);
    }

    /// <summary>to = from ⊙ kept / (1 − p).</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="from">Rows of <paramref name="width"/> elements.</param>
    /// <param name="to">As long; may be the same memory.</param>
    /// <param name="width">Columns.</param>
    public static void Apply(DropoutMask mask, ReadOnlySpan<float> from, Span<float> to, int width)
    {
        float factor = 1 / (1 - mask.Probability);
        uint threshold = ThresholdOf(mask);
        for (int row = 0, at = 0; at < from.Length; row++, at += width)
        {
            Apply(mask, row, from.Slice(at, width), to.Slice(at, width), factor, threshold);
        }
    }

    private static void Apply(DropoutMask mask, int row, ReadOnlySpan<float> from, Span<float> to, float factor, uint threshold)
    {
        (uint start, uint turn) = OfRow(mask, row);
        Vector<uint> numbers = s_columns + new Vector<uint>(start), limit = new(threshold), turns = new(turn);
        int column = 0;
        for (; column <= from.Length - Vector<float>.Count; column += Vector<float>.Count)
        {
            Vector<uint> x = numbers;
            x = ((x ^ (x >> 16)) * 0x7FEB352D) ^ turns;
            x = (x ^ (x >> 15)) * 0x846CA68B;
            x ^= x >> 16;
            Vector<float> kept = new Vector<float>(from[column..]) * factor;
            Vector.ConditionalSelect(Vector.AsVectorSingle(Vector.GreaterThanOrEqual(x, limit)), kept, Vector<float>.Zero).CopyTo(to[column..]);
            numbers += new Vector<uint>((uint)Vector<float>.Count);
        }

        for (; column < from.Length; column++)
        {
            to[column] = At(mask, row, column) >= threshold ? from[column] * factor : 0;
        }
    }

    private static (uint Start, uint Turn) OfRow(DropoutMask mask, int row)
    {
        ulong z = unchecked(mask.Key + (((ulong)mask.FirstRow + (ulong)row + 1) * Golden));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        z ^= z >> 31;
        return ((uint)z, (uint)(z >> 32));
    }
}
