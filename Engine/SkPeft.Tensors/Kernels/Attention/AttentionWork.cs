using SkPeft.Tensors.Threading;

namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Cuts an attention call into items (a block of queries that share keys) that workers draw from a common counter. Within a span the
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
    private int _sharing;
    private int _together;
    private float* _memory;
    private long _share;
    private int _next;

    public void Run(in AttentionCall call, ReadOnlySpan<AttentionSpan> spans)
    {
        _kernel = AttentionKernel.Get(set, call.Layout.Half);
        _call = call;
        _count = spans.Length;
        _sharing = call.Heads / call.Layout.KvHeads;
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

        // Queries that go together read keys once; but a single sequence must keep every worker busy.
        for (_together = _kernel.MaxColumns; _together > 1 && Items(spans) < team.Count; _together /= 2)
        {
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
            int queries = span.Rows * _sharing;
            int blocks = Blocks(span);
            int heads = _call.Layout.KvHeads;
            for (; drawn < before + (blocks * heads); drawn = Draw())
            {
                (int fromEnd, int head) = Math.DivRem(drawn - before, heads);
                int first = (blocks - 1 - fromEnd) * _together;
                _kernel.Run(_call, span, head, first, Math.Min(_together, queries - first), scratch);
            }

            before += blocks * heads;
        }
    }

    public void Dispose() => _scratch.Dispose();

    private int Blocks(AttentionSpan span) => ((span.Rows * _sharing) + _together - 1) / _together;

    private int Items(ReadOnlySpan<AttentionSpan> spans)
    {
        int items = 0;
        foreach (AttentionSpan span in spans)
        {
            items += Blocks(span) * _call.Layout.KvHeads;
        }

        return items;
    }

    private int Draw() => Interlocked.Increment(ref _next) - 1;
}
