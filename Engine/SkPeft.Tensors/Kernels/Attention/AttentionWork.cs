using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Cuts an attention call into items (a block of rows of one head) that workers draw from a common counter. Within a span the
/// last rows come first: they see most and would otherwise leave one worker behind.
/// </summary>
internal sealed unsafe class AttentionWork(WorkerTeam team, InstructionSet set) : IWork, IDisposable
{
    /// <summary>Multiplications below which waking the team costs more than it saves.</summary>
    private const long SmallWork = 50_000;

    private readonly Scratch _scratch = new();
    private AttentionKernel _kernel = null!;
    private AttentionCall _call;
    private AttentionSpan[] _spans = [];
    private int _count;
    private float* _memory;
    private long _share;
    private int _next;

    public void Run(in AttentionCall call, ReadOnlySpan<AttentionSpan> spans)
    {
        _kernel = AttentionKernel.Get(set, call.Layout.Half);
        _call = call;
        _count = spans.Length;
        Array.Resize(ref _spans, Math.Max(_spans.Length, _count));
        spans.CopyTo(_spans);
        _next = 0;
        int most = 0;
        long work = 0;
        foreach (AttentionSpan span in spans)
        {
            most = Math.Max(most, span.FirstPosition + span.Rows);
            work += (long)span.Rows * (span.FirstPosition + span.Rows) * call.Heads * call.Layout.HeadDim;
        }

        bool alone = team.Count == 1 || work < SmallWork;
        _share = (_kernel.ScratchFloats(call.Layout, most) + 15) / 16 * 16;
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

    public void Execute(int worker, int workers)
    {
        float* scratch = _memory + (worker * _share);
        int drawn = Draw();
        int before = 0;
        for (int s = 0; s < _count; s++)
        {
            AttentionSpan span = _spans[s];
            int blocks = (span.Rows + _kernel.MaxColumns - 1) / _kernel.MaxColumns;
            for (; drawn < before + (blocks * _call.Heads); drawn = Draw())
            {
                int block = blocks - 1 - ((drawn - before) / _call.Heads);
                int head = (drawn - before) % _call.Heads;
                int row = block * _kernel.MaxColumns;
                _kernel.Run(_call, span, head, row, Math.Min(_kernel.MaxColumns, span.Rows - row), scratch);
            }

            before += blocks * _call.Heads;
        }
    }

    public void Dispose() => _scratch.Dispose();

    private int Draw() => Interlocked.Increment(ref _next) - 1;
}
