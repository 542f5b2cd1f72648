using System.Runtime.InteropServices;
using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Training.Forward;

/// <summary>Causal attention within every sequence of a batch, with keys and values in front.</summary>
internal sealed unsafe class AttentionRows(ForwardContext context)
{
    /// <summary>What every query head reads, [n, query width].</summary>
    /// <param name="qkv">Rotated q|k|v rows of all sequences.</param>
    /// <param name="batch">Which rows belong together.</param>
    /// <param name="fronts">For each sequence what stands in front of it, or null.</param>
    public Tensor Apply(Tensor qkv, TrainingBatch batch, IReadOnlyList<KeyValues?> fronts)
    {
        Tensor output = context.Memory.Rent(qkv[0], context.Sizes.QueryWidth);
        Tensor logSums = context.Memory.Rent(qkv[0], context.Sizes.Heads);
        using (PinnedFronts pinned = new(batch, fronts, null))
        {
            fixed (float* rows = qkv.Data, to = output.Data, sums = logSums.Data)
            {
                context.Compute.AttendRows(Call(rows, qkv[1], to, sums), pinned.Spans);
            }
        }

        return Operation.Record(output, (gradient, gradients) =>
        {
            Tensor dqkv = gradients.Rent(qkv.Shape);
            using PinnedFronts pinned = new(batch, fronts, gradients);
            fixed (float* rows = qkv.Data, to = output.Data, sums = logSums.Data, dRows = dqkv.Data, dTo = gradient.Data)
            {
                RowAttentionGradient back = new()
                {
                    Output = dTo,
                    OutputStride = output[1],
                    Queries = dRows,
                    QueryStride = qkv[1],
                    Keys = dRows + context.Sizes.QueryWidth,
                    KeyStride = qkv[1],
                    Values = dRows + context.Sizes.QueryWidth + context.Sizes.KeyValueWidth,
                    ValueStride = qkv[1],
                };
                context.Compute.AttendRowsGradient(Call(rows, qkv[1], to, sums), back, pinned.Spans);
            }

            gradients.Add(qkv, dqkv);
        }, [qkv, .. fronts.OfType<KeyValues>().Distinct().SelectMany(f => new[] { f.Keys, f.Values })]);
    }

    private RowAttention Call(float* rows, int stride, float* output, float* logSums) => new()
    {
        Heads = context.Sizes.Heads,
        KeyValueHeads = context.Sizes.KeyValueHeads,
        HeadDim = context.Sizes.HeadDim,
        Scale = 1f / MathF.Sqrt(context.Sizes.HeadDim),
        Queries = rows,
        QueryStride = stride,
        Keys = rows + context.Sizes.QueryWidth,
        KeyStride = stride,
        Values = rows + context.Sizes.QueryWidth + context.Sizes.KeyValueWidth,
        ValueStride = stride,
        Output = output,
        OutputStride = context.Sizes.QueryWidth,
        LogSums = logSums,
    };

    /// <summary>Holds the tensors in front of the sequences still while a kernel reads them; sequences may share them.</summary>
    private sealed class PinnedFronts : IDisposable
    {
        private readonly List<GCHandle> _handles = [];
        private readonly Dictionary<Tensor, nint> _addresses = [];

        public PinnedFronts(TrainingBatch batch, IReadOnlyList<KeyValues?> fronts, Gradients? gradients)
        {
            Spans = new RowSpan[fronts.Count];
            for (int i = 0; i < fronts.Count; i++)
            {
                KeyValues? front = fronts[i];
                Spans[i] = new RowSpan
                {
                    FirstRow = batch.Sequences[i].FirstRow,
                    Count = batch.Sequences[i].Rows,
                    PrefixKeys = front is null ? null : AddressOf(front.Keys),
                    PrefixValues = front is null ? null : AddressOf(front.Values),
                    PrefixCount = front is null ? 0 : front.Keys[0],
                    PrefixKeysGradient = Gradient(front?.Keys, gradients),
                    PrefixValuesGradient = Gradient(front?.Values, gradients),
                };
            }
        }

        public RowSpan[] Spans { get; }

        public void Dispose() => _handles.ForEach(h => h.Free());

        private float* Gradient(Tensor? front, Gradients? gradients) =>
            gradients is null || front is not { NeedsGradient: true } ? null : AddressOf(gradients.Buffer(front));

        private float* AddressOf(Tensor tensor)
        {
            if (!_addresses.TryGetValue(tensor, out nint address))
            {
                GCHandle handle = GCHandle.Alloc(tensor.Buffer, GCHandleType.Pinned);
                _handles.Add(handle);
                fixed (float* first = tensor.Data)
                {
                    address = (nint)first;
                }

                _addresses.Add(tensor, address);
            }

            return (float*)address;
        }
    }
}
