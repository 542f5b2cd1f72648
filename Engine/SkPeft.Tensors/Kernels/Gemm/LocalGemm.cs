namespace SkPeft.Tensors.Kernels;

/// <summary>Small fp32 products on the calling thread: parts of an operation that is itself shared among workers.</summary>
internal sealed unsafe class LocalGemm(MicroKernel micro)
{
    /// <summary>Steps of k at a time.</summary>
    private const int Depth = 256;

    /// <summary>Rows of C at a time: a multiple of every micro-kernel's rows.</summary>
    private const int MaxRows = 144;

    /// <summary>Floats of scratch memory that a product needs.</summary>
    public long ScratchFloats => (long)Depth * (MaxRows + micro.Rows + micro.Columns);

    /// <summary>Computes the product.</summary>
    /// <param name="call">Operands and sizes.</param>
    /// <param name="scratch">See <see cref="ScratchFloats"/>.</param>
    public void Run(in GemmCall call, float* scratch)
    {
        float* b = scratch;
        float* a = scratch + ((long)Depth * micro.Columns);
        for (int row = 0; row < call.M; row += MaxRows)
        {
            int rows = Math.Min(MaxRows, call.M - row);
            for (int k = 0; k < call.K; k += Depth)
            {
                int depth = Math.Min(Depth, call.K - k);
                if (!call.A.SumIsContiguous)
                {
                    GemmPacker.PackMany(call.A, call.M, row, micro.Rows, GemmPacker.Strips(rows, micro.Rows), k, depth, a);
                }

                for (int column = 0; column < call.N; column += micro.Columns)
                {
                    GemmPacker.Pack(call.B, call.N, column, micro.Columns, k, depth, b);
                    Multiply(call, row, rows, column, k, a, b);
                }
            }
        }
    }

    private void Multiply(in GemmCall call, int row, int rows, int column, int k, float* a, float* b)
    {
        int depth = Math.Min(Depth, call.K - k);
        int columns = Math.Min(micro.Columns, call.N - column);
        for (int r = 0; r < rows; r += micro.Rows)
        {
            float* c = call.C + ((row + r) * call.StrideC) + column;
            TileInput input = call.A.SumIsContiguous ? call.A.InPlace(row + r, k) : new TileInput(a + ((long)r * depth), 1, micro.Rows);
            micro.Run(Math.Min(micro.Rows, rows - r), columns, depth, input, b, micro.Columns, c, call.StrideC, call.Accumulate || k > 0);
        }
    }
}
