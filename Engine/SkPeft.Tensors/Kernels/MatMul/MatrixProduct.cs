using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>Chooses the kernels of a product, packs its activations and runs it on the team.</summary>
internal sealed unsafe class MatrixProduct(WorkerTeam team, InstructionSet set) : IDisposable
{
    /// <summary>Multiplications below which waking the team costs more than it saves.</summary>
    private const long SmallWork = 50_000;

    private readonly Scratch _inputs = new();
    private readonly InputPacker _packer = new();
    private readonly PanelProduct _panels = new();
    private readonly DecodedProduct _decoded = new();

    public void Run(in MatMulCall call, Precision precision)
    {
        PackedMatrix weights = call.Weights;
        if (call.Count <= 0 || weights.Rows == 0)
        {
            return;
        }

        bool decode = Decodes(weights.Kind, call.Count, precision);
        PanelKernel kernel = PanelKernels.Get(set, decode ? PanelKind.Single : weights.Kind);
        var tiles = new ColumnTiles(kernel, call.Count, weights.Columns);
        int* x = (int*)_inputs.Get(tiles.TotalWords * sizeof(int));
        bool alone = team.Count == 1 || (long)weights.Rows * weights.Columns * call.Count < SmallWork;
        _packer.Prepare(kernel, call, x);
        Run(_packer, alone || call.Count == 1);
        if (decode)
        {
            _decoded.Prepare(PanelKernels.Get(set, weights.Kind), kernel, call, x);
            Run(_decoded, alone);
        }
        else
        {
            _panels.Prepare(kernel, call, x, team.Count);
            Run(_panels, alone);
        }
    }

    public void Dispose() => _inputs.Dispose();

    // Quantised weights have no exact products of their own; fp16 is worth widening once where many columns follow.
    private static bool Decodes(PanelKind kind, int columns, Precision precision) =>
        (PanelKinds.IsQuantised(kind) && precision == Precision.Exact) || (kind == PanelKind.Half && columns > 8);

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
