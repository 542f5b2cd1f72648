using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>Chooses how a product is computed, packs its activations and runs it on the team.</summary>
internal sealed unsafe class MatrixProduct(WorkerTeam team, InstructionSet set, BlockedProduct blocked) : IDisposable
{
    /// <summary>Multiplications below which waking the team costs more than it saves.</summary>
    private const long SmallWork = 50_000;

    /// <summary>Columns above which decoding weights once to fp32 pays for itself in exact products.</summary>
    private const int ManyColumns = 8;

    private readonly Scratch _inputs = new();
    private readonly InputPacker _packer = new();
    private readonly PanelProduct _panels = new();
    private readonly DecodedProduct _decoded = new();
    private readonly PanelStrips _strips = new();
    private readonly TransposedPanelStrips _transposedStrips = new();

    public void Run(in MatMulCall call, Precision precision)
    {
        if (call.Count <= 0 || call.Weights.Rows == 0)
        {
            return;
        }

        bool integers = precision != Precision.Exact && PanelKinds.IsQuantised(call.Weights.Kind);
        bool narrow = integers && precision == Precision.Int8 && set == InstructionSet.Avx512Vnni;
        if (call.Count > (integers ? ColumnsForIntegers : ManyColumns))
        {
            _strips.Prepare(Kernel(call), call.Weights);
            RunBlocked(call, _strips, call.Weights.Columns, call.Weights.Rows);
        }
        else
        {
            RunTiles(call, decode: PanelKinds.IsQuantised(call.Weights.Kind) && !integers, narrow);
        }
    }

    /// <summary>y[i] (+)= x[i] · W.</summary>
    public void RunTransposed(in MatMulCall call)
    {
        if (call.Count > 0 && call.Weights.Rows > 0)
        {
            _transposedStrips.Prepare(Kernel(call), call.Weights);
            RunBlocked(call, _transposedStrips, call.Weights.Rows, call.Weights.Columns);
        }
    }

    public void Dispose() => _inputs.Dispose();

    // With 512-bit vectors fp32 products of many columns are faster than those of 16-bit integers, whose weights must be unpacked
    // for every tile; with narrower ones, and with products of bytes, integers win throughout.
    private int ColumnsForIntegers => set == InstructionSet.Avx512 ? 24 : int.MaxValue;

    private PanelKernel Kernel(in MatMulCall call) => PanelKernels.Get(set, call.Weights.Kind);

    private void RunTiles(in MatMulCall call, bool decode, bool narrow)
    {
        bool alone = team.Count == 1 || (long)call.Weights.Rows * call.Weights.Columns * call.Count < SmallWork;
        PanelKernel kernel = PanelKernels.Get(set, decode ? PanelKind.Single : call.Weights.Kind);
        var tiles = new ColumnTiles(kernel, call.Count, call.Weights.Columns);
        int* x = (int*)_inputs.Get(tiles.TotalWords * sizeof(int));
        _packer.Prepare(kernel, call, narrow, x);
        Run(_packer, alone || call.Count == 1);
        if (decode)
        {
            _decoded.Prepare(Kernel(call), kernel, call, x);
            Run(_decoded, alone);
        }
        else
        {
            _panels.Prepare(kernel, call, x, alone ? 1 : team.Count);
            Run(_panels, alone);
        }
    }

    private void RunBlocked(in MatMulCall call, StripSource strips, int sum, int outputs) => blocked.Run(new BlockedCall
    {
        M = call.Count,
        N = outputs,
        K = sum,
        A = new GemmOperand { Values = call.X, Stride = call.StrideX, SumIsContiguous = true },
        B = strips,
        C = call.Y,
        StrideC = call.StrideY,
        Accumulate = call.Accumulate,
    });

    private void Run(IWork work, bool alone)
    {
        if (alone)
        {
            work.Execute(0, 1);
        }
        else
        {
            team.Run(work);
        }
    }
}
