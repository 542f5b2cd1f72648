using SkPeft.Engine.Models.Loading;
using SkPeft.Tensors.Formats;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>Repacks stored weights, fuses layers with one input, and undoes the row order of GGUF's interleaved RoPE.</summary>
internal sealed unsafe class WeightPacker(IWeightSource source)
{
    private readonly ModelSizes _sizes = source.Config.Sizes;
    private readonly ModelShape _shape = new(source.Config.Sizes);

    /// <summary>Bytes packed so far.</summary>
    public long Bytes { get; private set; }

    public LlamaLayer Layer(int layer) => new(
        Norm($"model.layers.{layer}.input_layernorm"),
        Linear(layer, LinearKind.Query, LinearKind.Key, LinearKind.Value),
        Linear(layer, LinearKind.Output),
        Norm($"model.layers.{layer}.post_attention_layernorm"),
        Linear(layer, LinearKind.Gate, LinearKind.Up),
        Linear(layer, LinearKind.Down));

    public NativeBuffer Norm(string module) => Copy(source.Read(module + ".weight"));

    public FusedLinear Head()
    {
        string tensor = _sizes.TiedEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight";
        PackedMatrix matrix = Pack([source.Get(tensor)], default);
        return new FusedLinear(matrix, [new LinearPart(new LinearSite(-1, LinearKind.Head), 0, _sizes.VocabularySize)], null);
    }

    private FusedLinear Linear(int layer, params ReadOnlySpan<LinearKind> kinds)
    {
        List<LinearPart> parts = [];
        List<StoredTensor> tensors = [];
        List<int> order = [];
        bool reordered = false;
        int offset = 0;
        foreach (LinearKind kind in kinds)
        {
            ModuleInfo module = _shape.ModuleOf(new LinearSite(layer, kind));
            string name = module.Name + ".weight";
            int[]? rows = source.FileRows(name);
            reordered |= rows is not null;
            for (int row = 0; row < module.Outputs; row++)
            {
                order.Add(offset + (rows?[row] ?? row));
            }

            parts.Add(new LinearPart(new LinearSite(layer, kind), offset, module.Outputs));
            tensors.Add(source.Get(name));
            offset += module.Outputs;
        }

        PackedMatrix matrix = Pack(tensors, reordered ? [.. order] : default(ReadOnlySpan<int>));
        return new FusedLinear(matrix, parts, Bias(parts));
    }

    private NativeBuffer? Bias(IReadOnlyList<LinearPart> parts)
    {
        ModuleInfo[] modules = [.. parts.Select(p => _shape.ModuleOf(p.Site))];
        return modules.Any(m => m.HasBias) ? Copy([.. modules.SelectMany(m => m.HasBias ? source.Read(m.Name + ".bias") : new float[m.Outputs])]) : null;
    }

    private PackedMatrix Pack(IReadOnlyList<StoredTensor> tensors, ReadOnlySpan<int> order)
    {
        PackedMatrix matrix = MatrixPacker.Pack([.. tensors.Select(MatrixSource.FromTensor)], order);
        Bytes += matrix.Bytes;
        foreach (StoredTensor tensor in tensors)
        {
            // The packed copy is what runs; the mapped pages would only count twice.
            tensor.ReleasePages();
        }

        return matrix;
    }

    private static NativeBuffer Copy(float[] values)
    {
        NativeBuffer buffer = new((long)values.Length * sizeof(float));
        values.CopyTo(new Span<float>(buffer.Start, values.Length));
        return buffer;
    }
}
