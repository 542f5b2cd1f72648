using System.Text.Json;
using SkPeft.Tensors.Formats;

namespace SkPeft.Testing;

/// <summary>
/// A LLaMA written as plainly as possible, in double precision and with loops: the yardstick for the engine and for methods.
/// It shares no arithmetic with them. Slow; for models of a few hundred thousand parameters.
/// </summary>
public sealed class ReferenceLlama : IBaseModel
{
    private readonly Dictionary<string, Tensor> _tensors;

    public ReferenceLlama(ModelSizes sizes, IReadOnlyDictionary<string, Tensor> tensors)
    {
        Shape = new ModelShape(sizes);
        _tensors = new(tensors, StringComparer.Ordinal);
        if (sizes.TiedEmbeddings && !_tensors.ContainsKey("lm_head.weight"))
        {
            _tensors["lm_head.weight"] = _tensors["model.embed_tokens.weight"];
        }
    }

    public ModelShape Shape { get; }

    public ReferenceRope Rope { get; init; } = new(10000.0);

    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Where set, every linear layer's outputs are disturbed as much as rounding to fp32 would: shows what rounding alone does to the logits.</summary>
    public Random? RoundingNoise { get; init; }

    /// <summary>Opens a Hugging Face folder.</summary>
    public static ReferenceLlama Open(string folder)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "config.json")));
        JsonElement config = document.RootElement;
        int Int(string key) => config.GetProperty(key).GetInt32();
        bool Flag(string key) => config.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.True;
        int heads = Int("num_attention_heads");
        ModelSizes sizes = new()
        {
            Layers = Int("num_hidden_layers"),
            HiddenSize = Int("hidden_size"),
            Heads = heads,
            KeyValueHeads = Int("num_key_value_heads"),
            HeadDim = config.TryGetProperty("head_dim", out JsonElement dim) ? dim.GetInt32() : Int("hidden_size") / heads,
            IntermediateSize = Int("intermediate_size"),
            VocabularySize = Int("vocab_size"),
            TiedEmbeddings = Flag("tie_word_embeddings"),
            AttentionBias = Flag("attention_bias"),
            MlpBias = Flag("mlp_bias"),
        };
        using ITensorFile file = HfFolder.OpenWeights(folder);
        return new ReferenceLlama(sizes, TensorsOf(file))
        {
            Rope = ReferenceRope.Of(config),
            NormEpsilon = config.GetProperty("rms_norm_eps").GetDouble(),
        };
    }

    /// <summary>A random model: same seed, same model.</summary>
    public static ReferenceLlama Random(ModelSizes sizes, int seed)
    {
        Random random = new(seed);
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        foreach (ModuleInfo module in new ModelShape(sizes).Modules.Where(m => m.Name != "lm_head" || !sizes.TiedEmbeddings))
        {
            tensors[module.Name + ".weight"] = module.Kind == ModuleKind.Norm
                ? RandomTensors.Normal(random, 0.1, module.Outputs).Plus(1)
                : RandomTensors.Normal(random, module.Kind == ModuleKind.Embedding ? 1.0 : 0.2, module.Outputs, module.Inputs);
            if (module.HasBias)
            {
                tensors[module.Name + ".bias"] = RandomTensors.Normal(random, 0.1, module.Outputs);
            }
        }

        return new ReferenceLlama(sizes, tensors);
    }

    /// <summary>The same model with one parameter replaced or added, under its full name; embedding and head are apart from then on.</summary>
    public ReferenceLlama With(string parameter, Tensor value)
    {
        ReferenceLlama changed = new(Shape.Sizes, _tensors) { Rope = Rope, NormEpsilon = NormEpsilon };
        changed._tensors[parameter] = value;
        return changed;
    }

    /// <summary>All tensors of a file as fp32.</summary>
    public static Dictionary<string, Tensor> TensorsOf(ITensorFile file) =>
        file.Tensors.ToDictionary(t => t.Key, t => Tensor.From(t.Value.ToArray(), [.. t.Value.Shape.Select(e => (int)e)]), StringComparer.Ordinal);

    /// <summary>The same model with <see cref="RoundingNoise"/>.</summary>
    public ReferenceLlama WithRoundingNoise(int seed) =>
        new(Shape.Sizes, _tensors) { Rope = Rope, NormEpsilon = NormEpsilon, RoundingNoise = new Random(seed) };

    public Tensor Weight(string module) => Copy(_tensors[module + ".weight"]);

    public Tensor? Bias(string module) => _tensors.TryGetValue(module + ".bias", out Tensor? bias) ? Copy(bias) : null;

    public Tensor Linear(LinearSite site, Tensor x)
    {
        string name = ModelShape.NameOf(site);
        return Rows.Linear(x, _tensors[name + ".weight"], _tensors.GetValueOrDefault(name + ".bias"));
    }

    /// <summary>Logits [ids, vocabulary] of a text under an adapter's effects.</summary>
    /// <param name="ids">The text.</param>
    /// <param name="instructionLength">How many of the ids are the instruction; generators of soft tokens see those.</param>
    /// <param name="effects">The adapter's effects; none is the base model.</param>
    public Tensor Logits(IReadOnlyList<int> ids, int instructionLength, IReadOnlyList<Effect> effects) =>
        new ReferenceForward(this, effects).Run([.. ids], instructionLength);

    /// <summary>The scores [classes] behind the last token of a text, under an adapter with a classification head.</summary>
    /// <param name="ids">The text.</param>
    /// <param name="instructionLength">How many of the ids are the instruction.</param>
    /// <param name="effects">The adapter's effects.</param>
    public Tensor Scores(IReadOnlyList<int> ids, int instructionLength, IReadOnlyList<Effect> effects) =>
        new ReferenceForward(this, effects).Scores([.. ids], instructionLength);

    private static Tensor Copy(Tensor tensor) => Tensor.From(tensor.Data, tensor.Shape);
}
