using SkPeft.Engine.Adapters;
using SkPeft.Engine.Memory;
using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>Writes the first cache rows of a sequence: static prefixes as they are, generated soft tokens through norm, projections and RoPE.</summary>
internal sealed unsafe class PrefixWriter(LlamaWeights weights, ComputeContext compute, KvPageLayout layout, LinearRunner linears, NormRunner norms) : IDisposable
{
    private readonly ModelSizes _sizes = weights.Shape.Sizes;
    private NativeBuffer _scratch = new(0);
    private float[] _instruction = [];

    /// <summary>Bytes of scratch memory held.</summary>
    public long Bytes => _scratch.Bytes + (_instruction.LongLength * sizeof(float));

    /// <summary>Stores the keys and values of a prefix at the sequence's next positions. Keys are final: RoPE is not applied.</summary>
    public void WriteStatic(EffectPlan plan, Sequence sequence)
    {
        foreach (KeyValuePrefixEffect prefix in plan.Prefixes)
        {
            fixed (float* keys = prefix.Keys.Data, values = prefix.Values.Data)
            {
                for (int row = 0; row < prefix.Keys[0]; row++)
                {
                    int width = _sizes.KeyValueWidth;
                    Store(sequence, prefix.Layer, sequence.Length + row, keys + ((long)row * width), values + ((long)row * width));
                }
            }
        }
    }

    /// <summary>Generates one layer's soft tokens from the instruction and stores their keys and values in front of the segment.</summary>
    public void WriteGenerated(int layer, ForwardSegment segment, Rows instruction, Precision precision)
    {
        EffectPlan plan = segment.Sequence.Plan;
        GeneratedPrefixEffect effect = plan.Generators[layer];
        int hidden = _sizes.HiddenSize;
        Tensor soft = Generate(plan, effect, instruction);
        FusedLinear qkv = weights.Layers[layer].Qkv;
        int fused = qkv.Matrix.Rows;
        Ensure((long)effect.Count * (hidden + fused + 1) * sizeof(float));
        Rows normed = new(_scratch.Floats, hidden, effect.Count, hidden);
        Rows product = new(_scratch.Floats + ((long)effect.Count * hidden), fused, effect.Count, fused);
        int* positions = (int*)(product.Data + ((long)effect.Count * fused));
        normed.Write(soft);
        PlanRows[] rows = [new PlanRows(plan, 0, effect.Count)];
        norms.Run(new NormSite(layer, NormKind.Attention), weights.Layers[layer].AttentionNorm, rows, normed, normed);
        linears.Run(qkv, rows, normed, product, false, precision);
        int first = segment.FirstPosition - effect.Count;
        for (int row = 0; row < effect.Count; row++)
        {
            positions[row] = first + row;
        }

        Rows keys = product.Columns(_sizes.QueryWidth);
        compute.Rope(keys.Data, keys.Stride, effect.Count, _sizes.KeyValueHeads, _sizes.HeadDim, weights.Rope.Cosines, weights.Rope.Sines, positions);
        for (int row = 0; row < effect.Count; row++)
        {
            Store(segment.Sequence, layer, first + row, keys.Row(row), keys.Row(row) + _sizes.KeyValueWidth);
        }
    }

    public void Dispose() => _scratch.Dispose();

    // The instruction is read once and as a whole, so its products are large, and their rounding depends on the request alone.
    private Tensor Generate(EffectPlan plan, GeneratedPrefixEffect effect, Rows instruction)
    {
        using ComputeScope scope = new(compute);
        Tensor read = Read(instruction);
        return EffectCall.Run(plan, effect, effect.Count, _sizes.HiddenSize, () => effect.Generate(read));
    }

    // A copy in memory of its own for every layer would be the large part of the time: pages that are new to the process.
    private Tensor Read(Rows instruction)
    {
        int size = instruction.Count * _sizes.HiddenSize;
        if (_instruction.Length < size)
        {
            _instruction = GC.AllocateUninitializedArray<float>(size);
        }

        Tensor read = Tensor.Over(_instruction, 0, instruction.Count, _sizes.HiddenSize);
        for (int row = 0; row < instruction.Count; row++)
        {
            new ReadOnlySpan<float>(instruction.Row(row), _sizes.HiddenSize).CopyTo(read.Row(row));
        }

        return read;
    }

    private void Store(Sequence sequence, int layer, int position, float* keys, float* values)
    {
        byte* page = sequence.Pages[position / KvPageLayout.Positions];
        KvPages.WriteKey(layout, page, layer, position % KvPageLayout.Positions, keys);
        KvPages.WriteValue(layout, page, layer, position % KvPageLayout.Positions, values);
    }

    private void Ensure(long bytes)
    {
        if (_scratch.Bytes < bytes)
        {
            _scratch.Dispose();
            _scratch = new NativeBuffer(bytes);
        }
    }
}
