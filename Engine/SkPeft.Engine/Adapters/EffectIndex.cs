namespace SkPeft.Engine.Adapters;

/// <summary>An adapter's effects, sorted by the place that they touch and checked against the base, so that a forward only looks up.</summary>
/// <remarks>Immutable. Training sorts the effects of every step; serving keeps an <see cref="EffectPlan"/> for as long as the adapter lives.</remarks>
internal class EffectIndex
{
    private readonly Dictionary<LinearSite, LinearEffect[]> _linear;
    private readonly Dictionary<NormSite, Tensor> _norms;
    private readonly Dictionary<(int Layer, SubLayerKind Kind), SubLayerEffect[]> _subLayers;
    private readonly Dictionary<int, GatedKeyValueEffect[]> _gated;

    protected EffectIndex(string adapter, string plugin, IReadOnlyList<Effect> effects)
    {
        Adapter = adapter;
        Plugin = plugin;
        Effects = effects;
        _linear = Group(effects.OfType<LinearEffect>(), e => e.Site);
        _norms = effects.OfType<NormEffect>().GroupBy(e => e.Site).ToDictionary(g => g.Key, g => g.Last().Weight);
        _subLayers = Group(effects.OfType<SubLayerEffect>(), e => (e.Layer, e.SubLayer));
        _gated = Group(effects.OfType<GatedKeyValueEffect>(), e => e.Layer);
        Prompts = [.. effects.OfType<PromptEmbeddingsEffect>().Select(e => e.Embeddings)];
        TokenEmbeddings = [.. effects.OfType<TokenEmbeddingEffect>()];
        Prefixes = [.. effects.OfType<KeyValuePrefixEffect>().OrderBy(e => e.Layer)];
        Generators = effects.OfType<GeneratedPrefixEffect>().ToDictionary(e => e.Layer);
        Classifier = effects.OfType<ClassifierEffect>().FirstOrDefault();
        Slots = effects.OfType<SlotEmbeddingsEffect>().FirstOrDefault();
        PromptRows = Prompts.Sum(p => p[0]);
        PrefixRows = Prefixes.Count > 0 ? Prefixes[0].Keys[0] : 0;
        GeneratedRows = Generators.Count > 0 ? Generators.Values.First().Count : 0;
    }

    /// <summary>The adapter, for messages.</summary>
    public string Adapter { get; }

    /// <summary>The plugin whose effects these are, for messages.</summary>
    public string Plugin { get; }

    /// <summary>All effects, in order.</summary>
    public IReadOnlyList<Effect> Effects { get; }

    /// <summary>Soft tokens in front, [p, hidden] each.</summary>
    public IReadOnlyList<Tensor> Prompts { get; }

    /// <summary>Soft tokens in the middle of the prompt, or null.</summary>
    public SlotEmbeddingsEffect? Slots { get; }

    /// <summary>Changes of the embeddings of real tokens.</summary>
    public IReadOnlyList<TokenEmbeddingEffect> TokenEmbeddings { get; }

    /// <summary>Static keys and values, by layer.</summary>
    public IReadOnlyList<KeyValuePrefixEffect> Prefixes { get; }

    /// <summary>Generators of soft tokens, by layer.</summary>
    public IReadOnlyDictionary<int, GeneratedPrefixEffect> Generators { get; }

    /// <summary>The head that takes the vocabulary's place, or null.</summary>
    public ClassifierEffect? Classifier { get; }

    /// <summary>Soft tokens in front of the text; they run through the whole model.</summary>
    public int PromptRows { get; }

    /// <summary>Cache rows of static prefixes.</summary>
    public int PrefixRows { get; }

    /// <summary>Cache rows of generated prefixes.</summary>
    public int GeneratedRows { get; }

    /// <summary>Positions that virtual tokens take before the text.</summary>
    public int VirtualRows => PromptRows + PrefixRows + GeneratedRows;

    /// <summary>Sorts and checks effects.</summary>
    /// <exception cref="AdapterShapeException">An effect does not fit the base. A method that lets this happen has a bug.</exception>
    public static EffectIndex Sort(string adapter, string plugin, IReadOnlyList<Effect> effects, ModelShape shape)
    {
        new EffectChecker(adapter, shape).Check(effects);
        return new EffectIndex(adapter, plugin, effects);
    }

    /// <summary>Whose effect it is, for messages: where several adapters act together, not all of them are to blame.</summary>
    public virtual (string Adapter, string Plugin) OwnerOf(Effect effect) => (Adapter, Plugin);

    /// <summary>Effects on a linear layer, in order; empty for none.</summary>
    public ReadOnlySpan<LinearEffect> At(LinearSite site) => _linear.GetValueOrDefault(site);

    /// <summary>The gain that replaces a norm's, or null.</summary>
    public Tensor? At(NormSite site) => _norms.GetValueOrDefault(site);

    /// <summary>Networks beside or behind a sub-layer, in order.</summary>
    public ReadOnlySpan<SubLayerEffect> At(int layer, SubLayerKind kind) => _subLayers.GetValueOrDefault((layer, kind));

    /// <summary>Gated keys and values of a layer.</summary>
    public ReadOnlySpan<GatedKeyValueEffect> GatedAt(int layer) => _gated.GetValueOrDefault(layer);

    private static Dictionary<TKey, TEffect[]> Group<TKey, TEffect>(IEnumerable<TEffect> effects, Func<TEffect, TKey> key)
        where TKey : notnull =>
        effects.GroupBy(key).ToDictionary(g => g.Key, g => g.ToArray());
}
