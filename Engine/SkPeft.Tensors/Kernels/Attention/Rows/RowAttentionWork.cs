using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Shares row attention among workers by sequence and head of keys, forward also by block of rows, so that every sum is made by
/// one worker. Gradients of prefixes, which sequences may share, go into buffers of their own and are added
/// in the order of the spans.
/// </summary>
internal sealed unsafe class RowAttentionWork(WorkerTeam team, InstructionSet set) : IWork, IDisposable
{
    /// <summary>Multiplications below which waking the team costs more than it saves.</summary>
    private const long SmallWork = 50_000;

    private readonly Scratch _scratch = new();
    private readonly RowAttentionKernel _kernel = new(set);
    private readonly PrefixGradients _prefixes = new(set);
    private RowAttention _call;
    private RowAttentionGradient _gradient;
    private RowSpan[] _spans = [];
    private int _count;
    private bool _backward;
    private float* _memory;
    private long _share;
    private int _next;

    public void Run(in RowAttention call, ReadOnlySpan<RowSpan> spans)
    {
        _backward = false;
        RunAll(call, spans);
    }

    public void RunGradient(in RowAttention call, in RowAttentionGradient gradient, ReadOnlySpan<RowSpan> spans)
    {
        _backward = true;
        _gradient = gradient;
        _prefixes.Prepare(call, spans);
        RunAll(call, spans);
        _prefixes.Deliver(spans);
    }

    public void Execute(int worker, int workers)
    {
        float* scratch = _memory + (worker * _share);
        int drawn = Draw();
        int before = 0;
        for (int number = 0; number < _count; number++)
        {
            int items = _call.KeyValueHeads * Blocks(_spans[number]);
            for (; drawn < before + items; drawn = Draw())
            {
                int head = (drawn - before) % _call.KeyValueHeads;
                if (_backward)
                {
                    Gradient(number, head, scratch);
                }
                else
                {
                    int block = (drawn - before) / _call.KeyValueHeads;
                    _kernel.Forward(_call, _spans[number], head, block * RowAttentionKernel.BlockRows(_call), scratch);
                }
            }

            before += items;
        }
    }

    public void Dispose()
    {
        _scratch.Dispose();
        _prefixes.Dispose();
    }

    private void RunAll(in RowAttention call, ReadOnlySpan<RowSpan> spans)
    {
        _call = call;
        _count = spans.Length;
        Array.Resize(ref _spans, Math.Max(_spans.Length, _count));
        spans.CopyTo(_spans);
        _next = 0;
        int most = 0;
        long work = 0;
        foreach (RowSpan span in spans)
        {
            int seen = span.PrefixCount + span.Count;
            most = Math.Max(most, seen);
            work += (long)span.Count * seen * call.Heads * call.HeadDim;
        }

        bool alone = team.Count == 1 || work < SmallWork;
        _share = (_kernel.ScratchFloats(call, most) + 15) / 16 * 16;
        _memory = (float*)_scratch.Get(_share * sizeof(float) * (alone ? 1 : team.Count));
        if (alone)
        {
            Execute(0, 1);
        }
        else
        {
            team.Run(this);
        }
    }

    private void Gradient(int number, int keyHead, float* scratch)
    {
        ref readonly RowSpan span = ref _spans[number];
        Clear(span, _gradient.Keys, _gradient.KeyStride, keyHead);
        Clear(span, _gradient.Values, _gradient.ValueStride, keyHead);
        _kernel.Gradient(_call, _gradient, span, keyHead, _prefixes.Keys(number, keyHead), _prefixes.Values(number, keyHead), scratch);
    }

    private int Blocks(in RowSpan span) => _backward ? 1 : GemmPacker.Strips(span.Count, RowAttentionKernel.BlockRows(_call));

    private void Clear(in RowSpan span, float* rows, long stride, int keyHead)
    {
        float* row = rows + (span.FirstRow * stride) + ((long)keyHead * _call.HeadDim);
        for (int i = 0; i < span.Count; i++, row += stride)
        {
            new Span<float>(row, _call.HeadDim).Clear();
        }
    }

    private int Draw() => Interlocked.Increment(ref _next) - 1;
}
