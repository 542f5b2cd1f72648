using SkPeft.Engine.Adapters;
using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Ops;

namespace SkPeft.Training.Forward;

/// <summary>One block: attention and MLP, each with its norm, its effects and the residual add.</summary>
internal sealed unsafe class BlockForward
{
    private readonly ForwardContext _context;
    private readonly NormRows _norms;
    private readonly AdaptedLinear _linears;
    private readonly RotaryRows _rotary;
    private readonly FrontRows _fronts;
    private readonly AttentionRows _attention;
    private readonly GatedRows _gated;
    private readonly SwiGluRows _swiGlu;
    private readonly ResidualRows _residual;

    public BlockForward(ForwardContext context, NormRows norms, AdaptedLinear linears)
    {
        _context = context;
        _norms = norms;
        _linears = linears;
        _rotary = new RotaryRows(context);
        _fronts = new FrontRows(context, norms, linears, _rotary);
        _attention = new AttentionRows(context);
        _gated = new GatedRows(context);
        _swiGlu = new SwiGluRows(context);
        _residual = new ResidualRows(context);
    }

    /// <summary>The residual stream behind the block, [rows, hidden].</summary>
    /// <param name="layer">The block, from 0.</param>
    /// <param name="batch">The sequences.</param>
    /// <param name="x">The residual stream before the block.</param>
    public Tensor Apply(int layer, TrainingBatch batch, Tensor x)
    {
        LlamaLayer weights = _context.Weights.Layers[layer];
        Tensor normed = _norms.Apply(new NormSite(layer, NormKind.Attention), weights.AttentionNorm, batch.Groups, x);
        Tensor attended = Attend(layer, batch, x, Rotated(layer, batch, normed));
        Tensor output = _linears.Apply(weights.Output, batch.Groups, attended);
        Tensor middle = _residual.Add(x, SubLayer(layer, SubLayerKind.Attention, batch, normed, output));

        normed = _norms.Apply(new NormSite(layer, NormKind.Mlp), weights.MlpNorm, batch.Groups, middle);
        Tensor activated = _swiGlu.Apply(_linears.Apply(weights.GateUp, batch.Groups, normed));
        output = _linears.Apply(weights.Down, batch.Groups, activated);
        return _residual.Add(middle, SubLayer(layer, SubLayerKind.Mlp, batch, normed, output));
    }

    /// <summary>What the block sees and remembers, as constants of their own.</summary>
    public LayerState State(int layer, TrainingBatch batch, Tensor x)
    {
        Tensor qkv = Rotated(layer, batch, _norms.Apply(new NormSite(layer, NormKind.Attention), _context.Weights.Layers[layer].AttentionNorm, batch.Groups, x));
        int width = _context.Sizes.KeyValueWidth;
        Tensor copy = Tensor.From(x.Data, x.Shape);
        return new LayerState(copy, qkv.Detach().Slice(1, _context.Sizes.QueryWidth, width), qkv.Detach().Slice(1, _context.Sizes.QueryWidth + width, width));
    }

    private Tensor Rotated(int layer, TrainingBatch batch, Tensor normed) =>
        _rotary.Apply(_linears.Apply(_context.Weights.Layers[layer].Qkv, batch.Groups, normed), batch.Positions);

    private Tensor Attend(int layer, TrainingBatch batch, Tensor x, Tensor qkv)
    {
        Tensor attended = _attention.Apply(qkv, batch, _fronts.Of(layer, batch, x));
        if (batch.Groups.All.All(g => g.Effects.GatedAt(layer).IsEmpty))
        {
            return attended;
        }

        Tensor[] parts = [.. batch.Groups.All.Select(group =>
        {
            Tensor part = attended.Slice(0, group.First, group.Count);
            foreach (GatedKeyValueEffect effect in group.Effects.GatedAt(layer))
            {
                part = part.Add(_gated.Apply(qkv.Slice(0, group.First, group.Count), effect));
            }

            return part;
        })];
        return TensorOps.Concat(0, parts);
    }

    private static Tensor SubLayer(int layer, SubLayerKind kind, TrainingBatch batch, Tensor input, Tensor output)
    {
        if (batch.Groups.All.All(g => g.Effects.At(layer, kind).IsEmpty))
        {
            return output;
        }

        return batch.Groups.Map(output, (group, rows) =>
        {
            Tensor before = batch.Groups.All.Count == 1 ? input : input.Slice(0, group.First, group.Count);
            foreach (SubLayerEffect effect in group.Effects.At(layer, kind))
            {
                Tensor after = rows;
                rows = EffectCall.Run(group.Effects, effect, after[0], after[1], () => effect.Apply(before, after));
            }

            return rows;
        });
    }
}
