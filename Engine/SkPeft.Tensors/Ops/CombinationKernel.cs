using System.Numerics;
using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Ops;

/// <summary>
/// c[i] (+)= Σ_k a[i, k] · b[k] on the calling thread: four rows by two vectors of c stay in registers while k runs.
/// </summary>
/// <remarks>Every element is summed in the order of k, with two roundings a term: blocks and left-overs give the same bits.</remarks>
internal static unsafe class CombinationKernel
{
    private const int BlockRows = 4;

    private static readonly int s_blockColumns = 2 * Vector<float>.Count;

    public static void Run(MatrixView a, bool transposeA, MatrixView b, MatrixView c, bool accumulate)
    {
        for (int i = 0; i < c.Rows && !accumulate; i++)
        {
            c.Row(i).Clear();
        }

        fixed (float* pa = a.Values, pb = b.Values, pc = c.Values)
        {
            Sums sums = new() { StrideB = b.Stride, StrideC = c.Stride, Depth = b.Rows, StepK = transposeA ? a.Stride : 1, StepI = transposeA ? 1 : a.Stride };
            int blocked = c.Columns - (c.Columns % s_blockColumns);
            for (int j = 0; j < blocked; j += s_blockColumns)
            {
                int i = 0;
                for (; i + BlockRows <= c.Rows; i += BlockRows)
                {
                    sums.AddFour(pa + (i * sums.StepI), pb + j, pc + (i * sums.StrideC) + j);
                }

                for (; i < c.Rows; i++)
                {
                    sums.AddOne(pa + (i * sums.StepI), pb + j, pc + (i * sums.StrideC) + j);
                }
            }

            for (int i = 0; i < c.Rows && blocked < c.Columns; i++)
            {
                sums.AddRest(pa + (i * sums.StepI), pb + blocked, pc + (i * sums.StrideC) + blocked, c.Columns - blocked);
            }
        }
    }

    private struct Sums
    {
        public long StrideB;
        public long StrideC;
        public long Depth;
        public long StepI;
        public long StepK;

        public readonly void AddFour(float* a, float* b, float* c)
        {
            (Vector<float> l0, Vector<float> h0) = Load(c);
            (Vector<float> l1, Vector<float> h1) = Load(c + StrideC);
            (Vector<float> l2, Vector<float> h2) = Load(c + (2 * StrideC));
            (Vector<float> l3, Vector<float> h3) = Load(c + (3 * StrideC));
            for (long k = 0; k < Depth; k++, a += StepK, b += StrideB)
            {
                (Vector<float> low, Vector<float> high) = Load(b);
                Vector<float> factor = new(a[0]);
                l0 = (low * factor) + l0;
                h0 = (high * factor) + h0;
                factor = new(a[StepI]);
                l1 = (low * factor) + l1;
                h1 = (high * factor) + h1;
                factor = new(a[2 * StepI]);
                l2 = (low * factor) + l2;
                h2 = (high * factor) + h2;
                factor = new(a[3 * StepI]);
                l3 = (low * factor) + l3;
                h3 = (high * factor) + h3;
            }

            Store(l0, h0, c);
            Store(l1, h1, c + StrideC);
            Store(l2, h2, c + (2 * StrideC));
            Store(l3, h3, c + (3 * StrideC));
        }

        public readonly void AddOne(float* a, float* b, float* c)
        {
            (Vector<float> low, Vector<float> high) = Load(c);
            for (long k = 0; k < Depth; k++, a += StepK, b += StrideB)
            {
                (Vector<float> l, Vector<float> h) = Load(b);
                Vector<float> factor = new(a[0]);
                low = (l * factor) + low;
                high = (h * factor) + high;
            }

            Store(low, high, c);
        }

        // The last columns, fewer than a block.
        public readonly void AddRest(float* a, float* b, float* c, int count)
        {
            for (long k = 0; k < Depth; k++, a += StepK, b += StrideB)
            {
                for (int j = 0; j < count; j++)
                {
                    c[j] = (b[j] * a[0]) + c[j];
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static (Vector<float> Low, Vector<float> High) Load(float* from) => (Vector.Load(from), Vector.Load(from + Vector<float>.Count));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Store(Vector<float> low, Vector<float> high, float* to)
        {
            low.Store(to);
            high.Store(to + Vector<float>.Count);
        }
    }
}
