namespace SkPeft;

/// <summary>The sizes of a LLaMA-style base and the names of its modules: all that an adapter needs in order to be checked against it.</summary>
public sealed class ModelShape
{
    private readonly Dictionary<string, ModuleInfo> _byName;

    /// <summary>Creates the shape and lists its modules in the order of the reference implementation.</summary>
    /// <param name="sizes">The sizes.</param>
    public ModelShape(ModelSizes sizes)
    {
        Sizes = sizes;
        Modules = [.. ListModules(sizes)];
        _byName = Modules.ToDictionary(m => m.Name, StringComparer.Ordinal);
    }

    /// <summary>The sizes.</summary>
    public ModelSizes Sizes { get; }

    /// <summary>Linear layers, embedding, norms and head, in the order of the reference implementation.</summary>
    public IReadOnlyList<ModuleInfo> Modules { get; }

    /// <summary>The module of this name, or null.</summary>
    public ModuleInfo? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The module of a linear site.</summary>
    public ModuleInfo ModuleOf(LinearSite site) => _byName[NameOf(site)];

    /// <summary>The Hugging Face name of a linear site.</summary>
    public static string NameOf(LinearSite site) => site.Kind switch
    {
        LinearKind.Query => $"model.layers.{site.Layer}.self_attn.q_proj",
        LinearKind.Key => $"model.layers.{site.Layer}.self_attn.k_proj",
        LinearKind.Value => $"model.layers.{site.Layer}.self_attn.v_proj",
        LinearKind.Output => $"model.layers.{site.Layer}.self_attn.o_proj",
        LinearKind.Gate => $"model.layers.{site.Layer}.mlp.gate_proj",
        LinearKind.Up => $"model.layers.{site.Layer}.mlp.up_proj",
        LinearKind.Down => $"model.layers.{site.Layer}.mlp.down_proj",
        _ => "lm_head",
    };

    private static IEnumerable<ModuleInfo> ListModules(ModelSizes s)
    {
        yield return new ModuleInfo("model.embed_tokens", ModuleKind.Embedding, s.VocabularySize, s.HiddenSize, false);
        for (int layer = 0; layer < s.Layers; layer++)
        {
            yield return Linear(layer, LinearKind.Query, s.QueryWidth, s.HiddenSize, s.AttentionBias);
            yield return Linear(layer, LinearKind.Key, s.KeyValueWidth, s.HiddenSize, s.AttentionBias);
            yield return Linear(layer, LinearKind.Value, s.KeyValueWidth, s.HiddenSize, s.AttentionBias);
            yield return Linear(layer, LinearKind.Output, s.HiddenSize, s.QueryWidth, s.AttentionBias);
            yield return Linear(layer, LinearKind.Gate, s.IntermediateSize, s.HiddenSize, s.MlpBias);
            yield return Linear(layer, LinearKind.Up, s.IntermediateSize, s.HiddenSize, s.MlpBias);
            yield return Linear(layer, LinearKind.Down, s.HiddenSize, s.IntermediateSize, s.MlpBias);
            yield return Norm($"model.layers.{layer}.input_layernorm", new NormSite(layer, NormKind.Attention), s.HiddenSize);
            yield return Norm($"model.layers.{layer}.post_attention_layernorm", new NormSite(layer, NormKind.Mlp), s.HiddenSize);
        }

        yield return Norm("model.norm", new NormSite(-1, NormKind.Final), s.HiddenSize);
        yield return Linear(-1, LinearKind.Head, s.VocabularySize, s.HiddenSize, false);
    }

    private static ModuleInfo Linear(int layer, LinearKind kind, int outputs, int inputs, bool bias)
    {
        LinearSite site = new(layer, kind);
        return new ModuleInfo(NameOf(site), ModuleKind.Linear, outputs, inputs, bias) { Layer = layer, Linear = site };
    }

    private static ModuleInfo Norm(string name, NormSite site, int width) =>
        new(name, ModuleKind.Norm, width, 1, false) { Layer = site.Layer, Norm = site };
}
