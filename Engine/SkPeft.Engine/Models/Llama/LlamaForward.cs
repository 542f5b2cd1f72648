using SkPeft.Engine.Adapters;
using SkPeft.Engine.Memory;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>
/// One forward step of a LLaMA (arXiv 2302.13971) over the new tokens of one or more sequences. Base products run once for all rows;
/// effects touch the rows of their own segment.
/// </summary>
/// <remarks>Not safe for concurrent use: it owns scratch memory, and the sequences' pages are written.</remarks>
internal sealed unsafe class LlamaForward : IDisposable
{
    private readonly LlamaWeights _weights;
    private readonly ModelSizes _sizes;
    private readonly ComputeContext _compute;
    private readonly KvPageLayout _layout;
    private readonly Workspace _work;
    private readonly LinearRunner _linears;
    private readonly NormRunner _norms;
    private readonly PrefixWriter _prefixes;
    private readonly GatedAttention _gated;
    private readonly EmbeddingLookup _embeddings;
    private readonly OutputHead _head;
    private PlanRows[] _groups = [];

    public LlamaForward(LlamaWeights weights, ComputeContext compute, KvPageLayout layout)
    {
        _weights = weights;
        _sizes = weights.Shape.Sizes;
        _compute = compute;
        _layout = layout;
        _work = new Workspace(_sizes);
        _linears = new LinearRunner(compute, _work);
        _norms = new NormRunner(compute, weights.NormEpsilon);
        _prefixes = new PrefixWriter(weights, compute, layout, _linears, _norms);
        _gated = new GatedAttention(_sizes, compute);
        _embeddings = new EmbeddingLookup(weights);
        _head = new OutputHead(weights, _linears, _norms);
    }

    /// <summary>Called after the embedding (0) and after every block (1 … layers) with the residual stream; for tests and diagnosis.</summary>
    public Action<int, Rows>? Observer { get; set; }

    /// <summary>Runs the new tokens through all blocks and advances the sequences.</summary>
    public void Run(IReadOnlyList<ForwardSegment> segments, Precision precision)
    {
        try
        {
            RunLayers(segments, precision);
        }
        finally
        {
            // Effects may be types of a plugin that is to be unloaded: nothing of them outlives the step.
            _groups = [];
        }
    }

    /// <summary>
    /// Runs a segment through its next layers only. So a long instruction that must be read as a whole (by a generator of soft tokens) can
    /// be spread over many steps, in between of which others run.
    /// </summary>
    /// <param name="pass">How far it is. Behind the last layer the step's results are the segment's.</param>
    /// <param name="layers">How many layers, at least 1.</param>
    /// <param name="precision">The precision.</param>
    public void Run(LayeredPass pass, int layers, Precision precision)
    {
        try
        {
            ForwardSegment[] segments = [pass.Segment];
            int rows = pass.NextLayer == 0 ? Begin(segments) : Resume(segments);
            Rows residual = new(_work.Residual, _sizes.HiddenSize, rows, _sizes.HiddenSize);
            if (pass.NextLayer == 0)
            {
                _embeddings.Write(pass.Segment, residual);
            }
            else
            {
                pass.Take(residual);
            }

            int end = Math.Min(_sizes.Layers, pass.NextLayer + layers);
            RunLayers(segments, residual, pass.NextLayer, end, precision);
            pass.Keep(residual, end);
            if (end == _sizes.Layers)
            {
                pass.Segment.Sequence.Advance(pass.Segment.Rows, pass.Segment.Ids.Length);
            }
        }
        finally
        {
            _groups = [];
        }
    }

    /// <summary>Layers of the model.</summary>
    public int Layers => _sizes.Layers;

    /// <summary>Logits of some rows of the last step: the final norm and the head, with the segment's effects.</summary>
    /// <param name="segment">A segment of the last step.</param>
    /// <param name="firstId">The first of its ids whose logits are wanted.</param>
    /// <param name="count">How many ids.</param>
    /// <param name="precision">The precision.</param>
    /// <returns>[count, vocabulary]; valid until the next call.</returns>
    public Rows Logits(ForwardSegment segment, int firstId, int count, Precision precision) =>
        _head.Logits([new PlanRows(segment.Sequence.Plan, 0, count)], Residual(segment, firstId, count), precision);

    /// <summary>Logits behind the last id of several segments of the last step, each with its own effects: one product of the head for all.</summary>
    /// <param name="segments">Segments of the last step.</param>
    /// <param name="precision">The precision.</param>
    /// <returns>[segments, vocabulary]; valid until the next call.</returns>
    public Rows LastLogits(IReadOnlyList<ForwardSegment> segments, Precision precision)
    {
        Rows gathered = _head.Gather(segments.Count);
        for (int i = 0; i < segments.Count; i++)
        {
            Residual(segments[i], segments[i].Ids.Length - 1, 1).CopyTo(gathered.Slice(i, 1));
        }

        return _head.Logits(PlanRows.Group(segments, i => (i, 1)), gathered, precision);
    }

    /// <summary>The scores of the adapter's own classes behind a token of the last step, [classes].</summary>
    /// <param name="segment">A segment of the last step.</param>
    /// <param name="head">Its adapter's head.</param>
    /// <param name="id">The index of the token among its ids.</param>
    public float[] Scores(ForwardSegment segment, ClassifierEffect head, int id) => _head.Scores(segment.Sequence.Plan, head, Residual(segment, id, 1));

    /// <summary>Bytes that grow to the largest step seen, and with the longest text, and what is kept ready for the next adapter.</summary>
    public long ScratchBytes => _work.Bytes + _head.Bytes + _prefixes.Bytes + _weights.Rope.Bytes + ComputeContext.ScratchBytes + SlabReserve.Shared.Bytes;

    public void Dispose()
    {
        _work.Dispose();
        _head.Dispose();
        _prefixes.Dispose();
    }

    private Rows Residual(ForwardSegment segment, int firstId, int count) =>
        new Rows(_work.Residual, _sizes.HiddenSize, segment.FirstRow + segment.Rows, _sizes.HiddenSize).Slice(segment.FirstTextRow + firstId, count);

    private void RunLayers(IReadOnlyList<ForwardSegment> segments, Precision precision)
    {
        int rows = Begin(segments);
        Rows residual = new(_work.Residual, _sizes.HiddenSize, rows, _sizes.HiddenSize);
        foreach (ForwardSegment segment in segments)
        {
            _embeddings.Write(segment, residual.Slice(segment.FirstRow, segment.Rows));
        }

        Observer?.Invoke(0, residual);
        RunLayers(segments, residual, 0, _sizes.Layers, precision);
        foreach (ForwardSegment segment in segments)
        {
            segment.Sequence.Advance(segment.Rows, segment.Ids.Length);
        }
    }

    private void RunLayers(IReadOnlyList<ForwardSegment> segments, Rows residual, int first, int end, Precision precision)
    {
        for (int layer = first; layer < end; layer++)
        {
            Attention(layer, segments, residual, precision);
            Mlp(layer, residual, precision);
            Observer?.Invoke(layer + 1, residual);
        }
    }

    // Lays the segments' rows one below the other, reserves pages and writes static prefixes of sequences that start.
    private int Begin(IReadOnlyList<ForwardSegment> segments)
    {
        int rows = 0;
        foreach (ForwardSegment segment in segments)
        {
            Sequence sequence = segment.Sequence;
            if (!sequence.Started)
            {
                Start(segment);
            }

            segment.FirstRow = rows;
            segment.FirstPosition = sequence.Length;
            sequence.Reserve(segment.Rows);
            rows += segment.Rows;
        }

        return Resume(segments);
    }

    // Scratch memory, groups and positions of rows that were laid out before.
    private int Resume(IReadOnlyList<ForwardSegment> segments)
    {
        int rows = 0;
        int room = 0;
        int positions = 0;
        foreach (ForwardSegment segment in segments)
        {
            rows += segment.Rows;
            room = Math.Max(room, segment.Generates ? segment.Sequence.Plan.GeneratedRows : 0);
            positions = Math.Max(positions, segment.FirstPosition + segment.Rows);
        }

        _groups = PlanRows.Group(segments, i => (segments[i].FirstRow, segments[i].Rows));
        _work.Ensure(Math.Max(rows, room));
        _weights.Rope.Ensure(positions);
        foreach (ForwardSegment segment in segments)
        {
            for (int row = 0; row < segment.Rows; row++)
            {
                _work.Positions[segment.FirstRow + row] = segment.FirstPosition + row;
            }
        }

        return rows;
    }

    private void Start(ForwardSegment segment)
    {
        Sequence sequence = segment.Sequence;
        EffectPlan plan = sequence.Plan;
        if (plan.PrefixRows > 0)
        {
            sequence.Reserve(plan.PrefixRows);
            _prefixes.WriteStatic(plan, sequence);
            sequence.Advance(plan.PrefixRows, 0);
        }

        if (plan.GeneratedRows > 0)
        {
            // Their keys and values follow layer by layer, as soon as the layer's input is known.
            sequence.Reserve(plan.GeneratedRows);
            _weights.Rope.Ensure(sequence.Length + plan.GeneratedRows);
            segment.Generates = true;
            sequence.Advance(plan.GeneratedRows, 0);
        }

        segment.SoftRows = plan.PromptRows;
        sequence.Started = true;
    }

    private void Attention(int layer, IReadOnlyList<ForwardSegment> segments, Rows residual, Precision precision)
    {
        LlamaLayer weights = _weights.Layers[layer];
        Rows normed = Norm(new NormSite(layer, NormKind.Attention), weights.AttentionNorm, residual);
        Rows qkv = new(_work.Qkv, _work.QkvWidth, residual.Count, _work.QkvWidth);
        _linears.Run(weights.Qkv, _groups, normed, qkv, false, precision);
        Rows keys = qkv.Columns(_sizes.QueryWidth);
        Rows values = keys.Columns(_sizes.KeyValueWidth);
        _compute.Rope(qkv.Data, qkv.Stride, qkv.Count, _sizes.Heads, _sizes.HeadDim, _weights.Rope.Cosines, _weights.Rope.Sines, _work.Positions);
        _compute.Rope(keys.Data, keys.Stride, keys.Count, _sizes.KeyValueHeads, _sizes.HeadDim, _weights.Rope.Cosines, _weights.Rope.Sines, _work.Positions);
        foreach (ForwardSegment segment in segments)
        {
            if (segment.Generates)
            {
                Rows instruction = residual.Slice(segment.FirstTextRow, segment.InstructionTokens);
                _prefixes.WriteGenerated(layer, segment, instruction, precision);
            }

            for (int row = segment.FirstRow; row < segment.FirstRow + segment.Rows; row++)
            {
                int position = _work.Positions[row];
                byte* page = segment.Sequence.Pages[position / KvPageLayout.Positions];
                KvPages.WriteKey(_layout, page, layer, position % KvPageLayout.Positions, keys.Row(row));
                KvPages.WriteValue(_layout, page, layer, position % KvPageLayout.Positions, values.Row(row));
            }
        }

        Rows attended = new(_work.Attended, _sizes.QueryWidth, residual.Count, _sizes.QueryWidth);
        Attend(layer, segments, qkv, attended);
        AddSubLayer(layer, SubLayerKind.Attention, weights.Output, normed, attended, residual, precision);
    }

    private void Attend(int layer, IReadOnlyList<ForwardSegment> segments, Rows queries, Rows attended)
    {
        AttentionCall call = new()
        {
            Layout = _layout,
            Layer = layer,
            Heads = _sizes.Heads,
            Queries = queries.Data,
            QueryStride = queries.Stride,
            Output = attended.Data,
            OutputStride = attended.Stride,
            Scale = 1f / MathF.Sqrt(_sizes.HeadDim),
        };
        Span<AttentionSpan> spans = segments.Count <= 64 ? stackalloc AttentionSpan[segments.Count] : new AttentionSpan[segments.Count];
        for (int i = 0; i < spans.Length; i++)
        {
            spans[i] = new AttentionSpan(segments[i].FirstRow, segments[i].Rows, segments[i].FirstPosition, segments[i].Sequence.Pages);
        }

        _compute.Attend(call, spans);
        foreach (ForwardSegment segment in segments)
        {
            foreach (GatedKeyValueEffect effect in segment.Sequence.Plan.GatedAt(layer))
            {
                _gated.Add(effect, queries.Slice(segment.FirstRow, segment.Rows), attended.Slice(segment.FirstRow, segment.Rows));
            }
        }
    }

    private void Mlp(int layer, Rows residual, Precision precision)
    {
        LlamaLayer weights = _weights.Layers[layer];
        Rows normed = Norm(new NormSite(layer, NormKind.Mlp), weights.MlpNorm, residual);
        Rows gateUp = new(_work.GateUp, 2 * _sizes.IntermediateSize, residual.Count, 2 * _sizes.IntermediateSize);
        _linears.Run(weights.GateUp, _groups, normed, gateUp, false, precision);
        Rows activated = new(_work.Activated, _sizes.IntermediateSize, residual.Count, _sizes.IntermediateSize);
        _compute.SwiGlu(gateUp.Data, gateUp.Data + _sizes.IntermediateSize, gateUp.Stride, activated.Data, activated.Stride, residual.Count, _sizes.IntermediateSize);
        AddSubLayer(layer, SubLayerKind.Mlp, weights.Down, normed, activated, residual, precision);
    }

    // The sub-layer's last product, its effects, and the residual add. Without effects that need the output by itself, the product is
    // accumulated into the residual stream directly.
    private void AddSubLayer(
        int layer, SubLayerKind kind, FusedLinear last, Rows input, Rows x, Rows residual, Precision precision)
    {
        bool alone = false;
        foreach (PlanRows group in _groups)
        {
            alone |= group.Plan.At(layer, kind).Length > 0 || group.Plan.Layer(last.Parts[0].Site) is { NeedsOwnOutput: true };
        }

        if (!alone)
        {
            _linears.Run(last, _groups, x, residual, true, precision);
            return;
        }

        Rows output = new(_work.Alone, _sizes.HiddenSize, residual.Count, _sizes.HiddenSize);
        _linears.Run(last, _groups, x, output, false, precision);
        foreach (PlanRows group in _groups)
        {
            foreach (SubLayerEffect effect in group.Plan.At(layer, kind))
            {
                Rows rows = output.Slice(group.First, group.Count);
                Tensor before = input.Slice(group.First, group.Count).Read(_sizes.HiddenSize);
                Tensor after = rows.Read(_sizes.HiddenSize);
                rows.Write(EffectCall.Run(group.Plan, effect, rows.Count, _sizes.HiddenSize, () => effect.Apply(before, after)));
            }
        }

        _compute.Add(output.Data, residual.Data, residual.Count * _sizes.HiddenSize);
    }

    private Rows Norm(NormSite site, float* gain, Rows x)
    {
        Rows y = new(_work.Normed, _sizes.HiddenSize, x.Count, _sizes.HiddenSize);
        _norms.Run(site, gain, _groups, x, y);
        return y;
    }
}
