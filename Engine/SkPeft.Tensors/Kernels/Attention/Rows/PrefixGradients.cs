namespace SkPeft.Tensors.Kernels;

/// <summary>
/// Gradients of the prefixes of every sequence, [span][keys, values][head][prefix, headDim], until they are added in the order
/// of the spans: sequences may share a prefix, and the sum must not depend on who was done first.
/// </summary>
internal sealed unsafe class PrefixGradients(InstructionSet set) : IDisposable
{
    private readonly VectorKernels _vectors = VectorKernels.Get(set);
    private readonly Scratch _scratch = new();
    private long[] _offsets = [];
    private int[] _counts = [];
    private int _heads;
    private int _headDim;
    private float* _memory;

    /// <summary>Makes room for the spans' prefixes, all zero.</summary>
    public void Prepare(in RowAttention call, ReadOnlySpan<RowSpan> spans)
    {
        (_heads, _headDim) = (call.KeyValueHeads, call.HeadDim);
        Array.Resize(ref _offsets, Math.Max(_offsets.Length, spans.Length));
        Array.Resize(ref _counts, Math.Max(_counts.Length, spans.Length));
        long total = 0;
        for (int s = 0; s < spans.Length; s++)
        {
            (_offsets[s], _counts[s]) = (total, spans[s].PrefixCount);
            total += 2L * _heads * spans[s].PrefixCount * _headDim;
        }

        _memory = (float*)_scratch.Get(total * sizeof(float));
        for (long at = 0; at < total; at += int.MaxValue)
        {
            new Span<float>(_memory + at, (int)Math.Min(total - at, int.MaxValue)).Clear();
        }
    }

    /// <summary>[prefix, headDim] of the keys of one head.</summary>
    public float* Keys(int span, int head) => _memory + _offsets[span] + ((long)head * _counts[span] * _headDim);

    /// <summary>[prefix, headDim] of the values of one head.</summary>
    public float* Values(int span, int head) => Keys(span, _heads + head);

    /// <summary>Adds everything to where the spans want it.</summary>
    public void Deliver(ReadOnlySpan<RowSpan> spans)
    {
        for (int s = 0; s < spans.Length; s++)
        {
            for (int head = 0; head < _heads; head++)
            {
                Add(Keys(s, head), _counts[s], spans[s].PrefixKeysGradient, head);
                Add(Values(s, head), _counts[s], spans[s].PrefixValuesGradient, head);
            }
        }
    }

    public void Dispose() => _scratch.Dispose();

    private void Add(float* from, int count, float* to, int head)
    {
        for (long p = 0; p < count && to != null; p++)
        {
            _vectors.Axpy(1f, from + (p * _headDim), to + (((p * _heads) + head) * _headDim), _headDim);
        }
    }
}
