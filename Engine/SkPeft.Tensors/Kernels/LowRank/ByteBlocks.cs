using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// A factor of a low-rank change as signed bytes, rounded to nearest: of every 32 inputs (or outputs) all ranks one after the other, and behind them
/// an fp32 scale for each. So a factor is read from its first byte to its last. The last block is filled up with zeros.
/// </summary>
/// <param name="start">Where it stands; not owned.</param>
/// <param name="ranks">Ranks.</param>
/// <param name="size">Inputs or outputs.</param>
internal readonly unsafe struct ByteBlocks(byte* start, int ranks, int size)
{
    /// <summary>Inputs or outputs in a block.</summary>
    public const int Length = 32;

    /// <summary>The first block.</summary>
    public byte* Start => start;

    public int Ranks => ranks;

    /// <summary>Inputs or outputs.</summary>
    public int Size => size;

    public int Count => (size + Length - 1) / Length;

    /// <summary>Bytes from a block to the next; the scales stand at 32 · ranks.</summary>
    public int BlockBytes => ranks * (Length + sizeof(float));

    /// <summary>Bytes that it takes.</summary>
    public static long BytesFor(int ranks, int size) => (long)((size + Length - 1) / Length) * ranks * (Length + sizeof(float));

    /// <summary>Rounds a matrix whose value of an input (or output) i and a rank r stands at i · <paramref name="next"/> + r · <paramref name="nextRank"/>.</summary>
    public void Round(ReadOnlySpan<float> matrix, int next, int nextRank)
    {
        Span<float> values = stackalloc float[Length];
        byte* block = start;
        for (int first = 0; first < size; first += Length, block += BlockBytes)
        {
            int count = Math.Min(Length, size - first);
            values.Clear();
            for (int rank = 0; rank < ranks; rank++)
            {
                int from = (first * next) + (rank * nextRank);
                if (next == 1)
                {
                    matrix.Slice(from, count).CopyTo(values);
                }
                else
                {
                    for (int i = 0; i < count; i++)
                    {
                        values[i] = matrix[from + (i * next)];
                    }
                }

                ((float*)(block + (ranks * Length)))[rank] = Store(values, (sbyte*)block + (rank * Length));
            }
        }
    }

    // Runs over every value of an adapter that is loaded, while a request may wait for it.
    private static float Store(ReadOnlySpan<float> values, sbyte* to)
    {
        ref float from = ref MemoryMarshal.GetReference(values);
        Vector256<float> a = Vector256.LoadUnsafe(ref from), b = Vector256.LoadUnsafe(ref from, 8), c = Vector256.LoadUnsafe(ref from, 16), d = Vector256.LoadUnsafe(ref from, 24);
        Vector256<float> most = Vector256.Max(Vector256.Max(Vector256.Abs(a), Vector256.Abs(b)), Vector256.Max(Vector256.Abs(c), Vector256.Abs(d)));
        Vector128<float> half = Vector128.Max(most.GetLower(), most.GetUpper());
        half = Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
        float scale = MathF.Max(half[0], half[1]) / 127;
        if (scale == 0)
        {
            new Span<sbyte>(to, Length).Clear();
            return scale;
        }

        Vector256<float> divisor = Vector256.Create(scale);
        Vector256<short> low = Vector256.Narrow(Rounded(a, divisor), Rounded(b, divisor)), high = Vector256.Narrow(Rounded(c, divisor), Rounded(d, divisor));
        Vector256.Narrow(low, high).Store(to);
        return scale;
    }

    private static Vector256<int> Rounded(Vector256<float> values, Vector256<float> divisor) =>
        Vector256.ConvertToInt32(Vector256.Clamp(Vector256.Round(values / divisor), Vector256.Create(-127f), Vector256.Create(127f)));
}
