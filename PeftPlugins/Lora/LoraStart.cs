using System.Globalization;
using System.Text.Json;
using SkPeft.Tensors;
using SkPeft.Tensors.Layers;
using SkPeft.Tensors.LinearAlgebra;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.Lora;

/// <summary>
/// How A and B start (<c>init_lora_weights</c>), and what is remembered of that. PiSSA (arXiv 2404.02948) and OLoRA (arXiv 2406.01775) take
/// them from the base's weight; the reference leaves the rest in the base, here the base stays and what was taken is subtracted again.
/// </summary>
internal sealed class LoraStart
{
    /// <summary>B, its bias and magnitudes: what LoRA+ (arXiv 2402.12354) gives a higher rate.</summary>
    public const string GroupOfB = "lora_B";

    /// <summary>Both factors of the embedding.</summary>
    public const string GroupOfEmbedding = "lora_embedding";

    private readonly Dictionary<ModuleInfo, LoraOrigin> _origins = [];
    private readonly LoraInitialisation _kind;
    private readonly IBaseModel? _model;

    private LoraStart(LoraInitialisation kind, IBaseModel? model, float ratioOfB) => (_kind, _model, RatioOfB) = (kind, model, ratioOfB);

    /// <summary>No run: an adapter is loaded.</summary>
    public static LoraStart None { get; } = new(LoraInitialisation.Kaiming, null, 1);

    /// <summary>LoRA+'s ratio of the two learning rates.</summary>
    public float RatioOfB { get; }

    /// <summary>Whether A and B are taken from the base's weight.</summary>
    public bool TakesFromTheBase => _kind is LoraInitialisation.Pissa or LoraInitialisation.Olora;

    /// <summary>Reads how a run is to start.</summary>
    /// <param name="reader">The options' start.</param>
    /// <param name="request">The run.</param>
    public static LoraStart Read(StartReader reader, TrainingRequest request)
    {
        float ratio = reader.Number("lora_plus_ratio", 1);
        if (ratio <= 0)
        {
            reader.Problem($"start.lora_plus_ratio is {ratio.ToString(CultureInfo.InvariantCulture)}; a ratio above 0 is supported");
        }

        string name = !request.Package.Config.TryGetProperty("init_lora_weights", out JsonElement value) ? "true"
            : value.ValueKind == JsonValueKind.String ? value.GetString()!.ToLowerInvariant()
            : value.GetRawText();
        LoraInitialisation? kind = name switch
        {
            "true" or "null" => LoraInitialisation.Kaiming,
            "false" => LoraInitialisation.Random,
            "gaussian" => LoraInitialisation.Gaussian,
            "orthogonal" => LoraInitialisation.Orthogonal,
            "olora" => LoraInitialisation.Olora,
            _ => name.StartsWith("pissa", StringComparison.Ordinal) ? LoraInitialisation.Pissa : null,
        };
        if (kind is null)
        {
            reader.Problem($"init_lora_weights is {name}; a run can start with true, false, \"gaussian\", \"orthogonal\", \"pissa\" and \"olora\"");
        }

        return new LoraStart(kind ?? LoraInitialisation.Kaiming, request.Model, ratio);
    }

    /// <summary>Completes a run's configuration: what was taken from the base is given back when the adapter is saved, as a plain LoRA.</summary>
    public void Complete(ConfigDraft draft)
    {
        draft.Default("init_lora_weights", true);
        if (TakesFromTheBase)
        {
            draft.Set("init_lora_weights", true);
        }
    }

    /// <summary>What a layer's factors were taken from the base as, or null.</summary>
    public LoraOrigin? OriginOf(ModuleInfo module) => _origins.GetValueOrDefault(module);

    /// <summary>The frozen weight of a module.</summary>
    public Tensor WeightOf(ModuleInfo module) => _model!.Weight(module.Name);

    /// <summary>Why a linear layer cannot start so, or null.</summary>
    public string? ProblemWith(TargetLayer layer, int rank) =>
        _kind == LoraInitialisation.Orthogonal && rank % 2 != 0
            ? $"init_lora_weights is \"orthogonal\" and {layer.Module.Name} has rank {rank}; even ranks are supported, half of the rows are A's and half are B's"
        : TakesFromTheBase && rank > Math.Min(layer.Inputs, layer.Outputs)
            ? $"{layer.Module.Name} has rank {rank}; its weight has {Math.Min(layer.Inputs, layer.Outputs)} singular values to start from"
        : null;

    /// <summary>Draws the factors of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="rank">r.</param>
    /// <param name="scale">s.</param>
    /// <param name="random">The run's random numbers.</param>
    public (Tensor A, Tensor B) Draw(TargetLayer layer, int rank, float scale, Random random)
    {
        if (layer.Module.Kind == ModuleKind.Embedding)
        {
            // B at once: A begins at 0, so that step 0 is the base, unless both are to be random.
            Tensor b = StartValues.Normal(random, 1, layer.Inputs, rank);
            return (_kind == LoraInitialisation.Random ? StartValues.Normal(random, 1, rank, layer.Outputs) : new Tensor(rank, layer.Outputs), b);
        }

        switch (_kind)
        {
            case LoraInitialisation.Random:
                return (StartValues.KaimingUniform(random, rank, layer.Inputs), StartValues.KaimingUniform(random, layer.Outputs, rank));
            case LoraInitialisation.Gaussian:
                return (StartValues.Normal(random, 1f / rank, rank, layer.Inputs), new Tensor(layer.Outputs, rank));
            case LoraInitialisation.Orthogonal:
                return Orthogonal(layer, rank, random);
            case LoraInitialisation.Pissa:
            case LoraInitialisation.Olora:
                (Tensor A, Tensor B) taken = TakeFromWeight(layer, rank, scale, random);
                _origins[layer.Module] = new LoraOrigin(Tensor.From(taken.A.Data, taken.A.Shape), Tensor.From(taken.B.Data, taken.B.Shape));
                return taken;
            default:
                return (StartValues.KaimingUniform(random, rank, layer.Inputs), new Tensor(layer.Outputs, rank));
        }
    }

    private (Tensor A, Tensor B) TakeFromWeight(TargetLayer layer, int rank, float scale, Random random)
    {
        Tensor weight = WeightOf(layer.Module);
        if (_kind == LoraInitialisation.Olora)
        {
            (Tensor q, Tensor r) = HouseholderQr.Of(weight, rank);
            return (r, q);
        }

        // s·B A = U S Vᵀ, the singular values shared out evenly.
        (Tensor u, float[] values, Tensor v) = TruncatedSvd.Of(weight, rank, random);
        Tensor roots = Tensor.From([.. values.Select(value => MathF.Sqrt(value / scale))], rank);
        return (v.Multiply(roots).Transpose(), u.Multiply(roots));
    }

    // Both factors are random and their product is 0: rows of one orthogonal matrix, the even ones for A and the odd ones for B.
    private static (Tensor A, Tensor B) Orthogonal(TargetLayer layer, int rank, Random random)
    {
        Tensor q = HouseholderQr.Of(StartValues.Normal(random, 1, rank, rank), rank).Q;
        Tensor even = q.Gather([.. Enumerable.Range(0, rank / 2).Select(i => 2 * i)]);
        Tensor odd = q.Gather([.. Enumerable.Range(0, rank / 2).Select(i => (2 * i) + 1)]);
        Tensor a = StartValues.Normal(random, 0.1f, layer.Inputs, rank / 2).MatMul(even).Transpose();
        return (a, StartValues.Normal(random, 0.1f, layer.Outputs, rank / 2).MatMul(odd));
    }
}
