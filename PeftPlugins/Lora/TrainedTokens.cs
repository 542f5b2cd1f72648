using System.Text.Json;
using SkPeft.Tensors.Effects;
using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Lora;

/// <summary>
/// New rows for a few tokens beside the low-rank changes (<c>trainable_token_indices</c>): in the embedding, and in a head that is tied to
/// it; or in the head of an untied base.
/// </summary>
internal sealed class TrainedTokens
{
    private const string Key = "trainable_token_indices";
    private const string Suffix = ".token_adapter.trainable_tokens_delta";

    private readonly Dictionary<ModuleInfo, int[]> _tokens;
    private readonly ModelShape _shape;

    private TrainedTokens(Dictionary<ModuleInfo, int[]> tokens, ModelShape shape) => (_tokens, _shape) = (tokens, shape);

    /// <summary>Whether there are any.</summary>
    public bool Any => _tokens.Count > 0;

    /// <summary>The tables that have new rows.</summary>
    public IEnumerable<ModuleInfo> Modules => HeadFollows ? [.. _tokens.Keys, Head] : _tokens.Keys;

    private ModuleInfo Head => _shape.ModuleOf(new LinearSite(-1, LinearKind.Head));

    private bool HeadFollows => _shape.Sizes.TiedEmbeddings && _tokens.Keys.Any(m => m.Kind == ModuleKind.Embedding);

    /// <summary>Reads the key: a list of tokens of the embedding, or lists by the name of their table.</summary>
    /// <exception cref="FileFormatException">It is something else.</exception>
    public static TrainedTokens Read(AdapterConfigReader reader, ModelShape shape)
    {
        Dictionary<ModuleInfo, int[]> tokens = [];
        if (reader.Get(Key) is { } value)
        {
            (string Name, JsonElement List)[] lists = value.ValueKind == JsonValueKind.Object
                ? [.. value.EnumerateObject().Select(p => (p.Name, p.Value))]
                : [("embed_tokens", value)];
            foreach ((string name, JsonElement list) in lists)
            {
                Add(tokens, reader, shape, name, TokensOf(reader, list));
            }
        }

        return new TrainedTokens(tokens, shape);
    }

    /// <summary>The rows as tensors of the adapter.</summary>
    /// <param name="weightOf">The frozen table that they start as.</param>
    public IEnumerable<SharedTensor> Tensors(Func<ModuleInfo, Tensor> weightOf) => _tokens.Select(t => new SharedTensor(NameOf(t.Key), t.Value.Length, t.Key.Inputs)
    {
        Start = (_, _) => weightOf(t.Key).Gather(t.Value),
        TrainingName = NameOf(t.Key) + ".default",
        Decays = false,
    });

    /// <summary>Maps the rows to effects.</summary>
    public IEnumerable<Effect> Effects(TensorsByName rows, IBaseModel model)
    {
        foreach ((ModuleInfo module, int[] tokens) in _tokens)
        {
            Tensor own = rows[NameOf(module)];
            if (module.Kind == ModuleKind.Embedding)
            {
                yield return TokenRows.InEmbedding(tokens, own);
            }

            if (module.Kind != ModuleKind.Embedding || HeadFollows)
            {
                yield return TokenRows.InHead(tokens, own, model.Weight(Head.Name), TokenRows.Places(tokens, _shape.Sizes.VocabularySize));
            }
        }
    }

    private static string NameOf(ModuleInfo module) => AdapterTensors.Prefix + module.Name + Suffix;

    private static int[] TokensOf(AdapterConfigReader reader, JsonElement list) =>
        list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(t => t.ValueKind == JsonValueKind.Number && t.TryGetInt32(out _))
            ? [.. list.EnumerateArray().Select(t => t.GetInt32())]
            : throw new FileFormatException(reader.File, Key, $"a {list.ValueKind}", "a list of tokens, or an object of such lists");

    private static void Add(Dictionary<ModuleInfo, int[]> tokens, AdapterConfigReader reader, ModelShape shape, string name, int[] list)
    {
        ModuleInfo? module = shape.Modules.FirstOrDefault(m => (m.Name == name || m.Name.EndsWith("." + name, StringComparison.Ordinal))
            && (m.Kind == ModuleKind.Embedding || m.Linear is { Kind: LinearKind.Head }));
        int vocabulary = shape.Sizes.VocabularySize;
        if (module is null)
        {
            reader.Problem($"{Key} names {name}; embed_tokens and lm_head have rows for tokens");
        }
        else if (shape.Sizes.TiedEmbeddings && tokens.Count > 0)
        {
            reader.Problem($"{Key} names {name} beside {tokens.Keys.First().Name}, which is the same table in this base; one of them is supported");
        }
        else if (list.Length == 0 || list.Any(t => t < 0 || t >= vocabulary) || list.Distinct().Count() < list.Length)
        {
            reader.Problem($"{Key} of {name} is [{string.Join(", ", list.Take(8))}{(list.Length > 8 ? ", …" : "")}]; different tokens from 0 to {vocabulary - 1} are supported");
        }
        else
        {
            tokens[module] = list;
        }
    }
}
