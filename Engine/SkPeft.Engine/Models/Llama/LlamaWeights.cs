using SkPeft.Engine.Models.Loading;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>The frozen weights, packed once for the kernels. Immutable; an adapter never writes to them.</summary>
internal sealed unsafe class LlamaWeights : IDisposable
{
    private readonly IWeightSource _source;

    private LlamaWeights(IWeightSource source)
    {
        _source = source;
        Shape = new ModelShape(source.Config.Sizes);
        NormEpsilon = (float)source.Config.RmsEpsilon;
        Rope = new RopeTable(source.Config.InverseFrequencies());
    }

    /// <summary>Sizes and modules.</summary>
    public ModelShape Shape { get; }

    /// <summary>Added to the mean square in every norm.</summary>
    public float NormEpsilon { get; }

    /// <summary>Rotary positions.</summary>
    public RopeTable Rope { get; }

    /// <summary>The blocks.</summary>
    public IReadOnlyList<LlamaLayer> Layers { get; private set; } = [];

    /// <summary>The vocabulary projection.</summary>
    public FusedLinear Head { get; private set; } = null!;

    /// <summary>The gain of the last norm, [hidden].</summary>
    public float* FinalNorm => _finalNorm!.Floats;

    /// <summary>Bytes of packed weights.</summary>
    public long Bytes { get; private set; }

    private NativeBuffer? _finalNorm;

    /// <summary>Packs the weights; the source stays open for embeddings and for what adapters ask of the base, but is not owned.</summary>
    public static LlamaWeights Load(IWeightSource source)
    {
        LlamaWeights weights = new(source);
        try
        {
            WeightPacker packer = new(source);
            weights.Layers = [.. Enumerable.Range(0, source.Config.Sizes.Layers).Select(packer.Layer)];
            weights._finalNorm = packer.Norm("model.norm");
            weights.Head = packer.Head();
            weights.Bytes = packer.Bytes;
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>The embedding of a token, [hidden].</summary>
    public void Embed(int id, Span<float> to)
    {
        if (Shape.Sizes.TiedEmbeddings)
        {
            Head.Matrix.DequantizeRow(id, to);
        }
        else
        {
            _source.Get("model.embed_tokens.weight").DequantizeRow(id, to);
        }
    }

    public void Dispose()
    {
        foreach (LlamaLayer layer in Layers)
        {
            layer.Dispose();
        }

        _finalNorm?.Dispose();
        Head?.Dispose();
        Rope.Dispose();
    }
}
