using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Blocked fp32 product (after Goto and van de Geijn 2008). Workers draw strips of B: a strip's stretch is
/// packed (or decoded) and meets all rows of a block of A, which stays in the second-level cache. A is read where it lies, or packed
/// by each worker for itself. Which worker draws what does not matter: every value of C is summed in the same order.
/// </summary>
internal sealed unsafe class BlockedProduct(WorkerTeam team, InstructionSet set) : IWork, IDisposable
{
    /// <summary>Multiplications below which waking the team costs more than it saves.</summary>
    private const long SmallWork = 100_000;

    private readonly MicroKernel _micro = MicroKernel.Get(set);
    private readonly Scratch _scratch = new();
    private readonly TaskShares _shares = new();
    private BlockedCall _call;
    private Blocking _blocking;
    private BlockedPart _part;
    private float* _memory;

    private long FloatsOfWorker => _blocking.PackedFloats + _blocking.StripFloats;

    /// <summary>Computes the product.</summary>
    public void Run(in BlockedCall call)
    {
        _call = call;
        int workers = (long)call.M * call.N * call.K < SmallWork ? 1 : team.Count;
        _blocking = new Blocking(call, _micro, workers);
        _memory = (float*)_scratch.Get(FloatsOfWorker * workers * sizeof(float));
        for (int row = 0; row < call.M; row += _blocking.PartRows)
        {
            for (int k = 0; k < call.K; k += _blocking.PartDepth)
            {
                _part = new BlockedPart(row, Math.Min(_blocking.PartRows, call.M - row), k, Math.Min(_blocking.PartDepth, call.K - k), _blocking);
                _shares.Begin(_part.Blocks * _blocking.Strips, _blocking.MostDrawn, workers);
                if (workers == 1)
                {
                    Execute(0, 1);
                }
                else
                {
                    team.Run(this);
                }
            }
        }
    }

    public void Execute(int worker, int workers)
    {
        float* memory = _memory + (worker * FloatsOfWorker);
        var inputs = new BlockedInputs(_call, _blocking, _micro.Rows, memory);
        while (_shares.Draw(worker, workers, out int first, out int count))
        {
            Multiply(first, count, ref inputs, memory + _blocking.PackedFloats);
        }
    }

    public void Dispose() => _scratch.Dispose();

    // Units are numbered [block of rows][strip of columns].
    private void Multiply(int first, int count, ref BlockedInputs inputs, float* buffer)
    {
        while (count > 0)
        {
            int strip = first % _blocking.Strips;
            int run = Math.Min(count, _blocking.Strips - strip);
            for (int k = 0; k < _part.Depth; k += _blocking.Depth)
            {
                (int row, int rows) = _part.Rows(first / _blocking.Strips);
                inputs.MoveTo(row, rows, _part.K + k, _part.DepthAt(k));
                for (int s = 0; s < run; s += Blocking.MostStrips)
                {
                    MultiplyRun(inputs, strip + s, Math.Min(Blocking.MostStrips, run - s), buffer);
                }
            }

            first += run;
            count -= run;
        }
    }

    private void MultiplyRun(in BlockedInputs inputs, int first, int strips, float* buffer)
    {
        int column = first * _micro.Columns;
        bool whole = column + (strips * _micro.Columns) <= _call.N;
        long stride = 0;
        float* b = _blocking.FewRows && whole ? _call.B.InPlace(column, inputs.K, out stride) : null;
        if (b != null)
        {
            MultiplyStrips(inputs, column, strips, b, stride, _micro.Columns);
            return;
        }

        _call.B.Write(column, _micro.Columns, strips, inputs.K, inputs.Depth, buffer);
        MultiplyStrips(inputs, column, strips, buffer, _micro.Columns, (long)_micro.Columns * inputs.Depth);
    }

    private void MultiplyStrips(in BlockedInputs inputs, int column, int strips, float* b, long stride, long next)
    {
        for (int strip = 0; strip < strips; strip++, column += _micro.Columns, b += next)
        {
            for (int row = 0; row < inputs.Rows; row += _micro.Rows)
            {
                MultiplyTile(inputs, row, column, b, stride);
            }
        }
    }

    private void MultiplyTile(in BlockedInputs inputs, int row, int column, float* b, long stride)
    {
        int rows = Math.Min(_micro.Rows, inputs.Rows - row);
        int columns = Math.Min(_micro.Columns, _call.N - column);
        bool accumulate = _call.Accumulate || inputs.K > 0;
        TileInput a = inputs.Tile(row);
        row += inputs.Row;
        if (_call.TransposedC)
        {
            _micro.RunTransposed(rows, columns, inputs.Depth, a, b, stride, _call.C + (column * _call.StrideC) + row, _call.StrideC, accumulate);
        }
        else
        {
            _micro.Run(rows, columns, inputs.Depth, a, b, stride, _call.C + (row * _call.StrideC) + column, _call.StrideC, accumulate);
        }
    }
}
