using System.Numerics;
using System.Runtime.CompilerServices;

namespace SkPeft.Tensors.Ops;

/// <summary>Blocks of <see cref="CombinationKernel"/>: a few rows by two vectors of c stay in registers while k runs.</summary>
internal unsafe struct CombinationBlock
{
    private const int Rows = 4;

    /// <summary>Steps in a, for the next row of c and for the next term of the sum.</summary>
    public long StepI;
    public long StepK;
    public long StrideB;
    public long StrideC;
    public long Depth;

    /// <summary>Columns of c in a block.</summary>
    public static int Columns => 2 * Vector<float>.Count;

    /// <summary>Adds to as many columns of c as a block has.</summary>
    public readonly void AddColumns(float* a, float* b, float* c, int rows)
    {
        for (; rows >= Rows; rows -= Rows, a += Rows * StepI, c += Rows * StrideC)
        {
            AddFour(a, b, c);
        }

        for (; rows > 0; rows--, a += StepI, c += StrideC)
        {
            AddOne(a, b, c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void AddFour(float* a, float* b, float* c)
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void AddOne(float* a, float* b, float* c)
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector<float> Low, Vector<float> High) Load(float* from) => (Vector.Load(from), Vector.Load(from + Vector<float>.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<float> low, Vector<float> high, float* to)
    {
        low.Store(to);
        high.Store(to + Vector<float>.Count);
    }
}
