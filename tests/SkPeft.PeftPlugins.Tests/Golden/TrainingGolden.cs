using System.Text.Json;
using SkPeft.Engine;
using SkPeft.Engine.Adapters;
using SkPeft.Tensors.Classification;
using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Formats;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Threading;
using SkPeft.Testing;
using SkPeft.Training.Forward;
using SkPeft.Training.Optimisation;

namespace SkPeft.PeftPlugins.Tests.Golden;

/// <summary>A training run of <c>golden/tiny</c>: 20 steps of AdamW on four batches, from a given state.</summary>
internal sealed class TrainingGolden : IDisposable
{
    private readonly LanguageModel _model;
    private readonly WorkerTeam _team = new(2);
    private readonly ComputeContext _compute;
    private readonly StepMemory _activations = new();
    private readonly StepMemory _gradients = new();
    private readonly TrainingForward _forward;
    private readonly CachedBase _base;
    private readonly string _adapter;

    public TrainingGolden(string modelName, string folder, bool recompute = false)
    {
        _adapter = Path.GetFileName(folder);
        _model = LanguageModel.Open(SharedFolder.PathOf("golden", "tiny", "bases", modelName), new LanguageModelOptions { Precision = Precision.Exact, Threads = 1 });
        _compute = new ComputeContext(_team);
        _forward = new TrainingForward(_model, _compute, _activations, recompute);
        _base = new CachedBase(_model.Base);
        AdapterPackage package = AdapterFolder.Open(folder);
        ITrainablePeftMethod method = ClassifierMethod.Around((ITrainablePeftMethod)PluginMethods.Find(package.PeftType)!);
        Training = method.BeginTraining(new TrainingRequest
        {
            Package = package,
            Model = _base,
            Probe = new ModelProbe(_model, _forward),
            Random = new Random(1),
        });
        Start(Tensors(folder, "train_state"));
    }

    public PeftTraining Training { get; }

    /// <summary>Disturbs every element of every parameter by at most a share of itself.</summary>
    public void Disturb(double share, int seed)
    {
        Random random = new(seed);
        foreach (TrainingParameter parameter in Training.Parameters)
        {
            foreach (ref float value in parameter.Value.Data)
            {
                value *= (float)(1 + (share * ((2 * random.NextDouble()) - 1)));
            }
        }
    }

    /// <summary>The tensors of one of the golden's files.</summary>
    public static Dictionary<string, Tensor> Tensors(string folder, string file)
    {
        using SafetensorsFile open = SafetensorsFile.Open(Path.Combine(folder, file + ".safetensors"));
        return ReferenceLlama.TensorsOf(open);
    }

    /// <summary>The loss of a batch and its gradients; memory is free again behind it.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="optimiser">Takes a step, unless it is null.</param>
    /// <param name="classes">The class of every sequence, where the adapter classifies; else the tokens behind the prompts are what is learned.</param>
    public (float Loss, Dictionary<string, Tensor> Gradients) Differentiate(TrainingBatchOfGolden batch, Optimiser? optimiser = null, int[]? classes = null)
    {
        using ComputeScope scope = new(_compute);
        EffectIndex effects = EffectIndex.Sort(_adapter, "test", Training.BuildEffects(_base, 1 % Training.Tasks), _model.Shape);
        TrainingSequence[] sequences = [.. batch.Sequences.Select(s => new TrainingSequence(effects, s.Ids, s.PromptLength, s.PromptLength))];
        Tensor losses = classes is null ? _forward.TokenLosses(sequences) : _forward.ClassScores(sequences).SoftmaxCrossEntropy(classes);
        Tensor loss = losses.Sum(0).Scale(1f / losses.Length);
        Gradients gradients = Gradients.Of(loss, _gradients);
        Dictionary<string, Tensor> result = [];
        foreach (TrainingParameter parameter in Training.Parameters)
        {
            Tensor? gradient = gradients[parameter.Value];
            result[parameter.Name] = gradient is null ? new Tensor(parameter.Value.Shape) : Tensor.From(gradient.Data, gradient.Shape);
            if (gradient is not null)
            {
                optimiser?.Step(parameter, gradient.Data, 0.01, 0);
            }
        }

        _activations.Recycle();
        _gradients.Recycle();
        return (loss.Data[0], result);
    }

    public void Dispose()
    {
        _forward.Dispose();
        _compute.Dispose();
        _team.Dispose();
        _model.Dispose();
    }

    private void Start(Dictionary<string, Tensor> state)
    {
        Training.Parameters.Select(p => p.Name).Order(StringComparer.Ordinal).ShouldBe(state.Keys.Order(StringComparer.Ordinal));
        foreach (TrainingParameter parameter in Training.Parameters)
        {
            parameter.Value.ShapeText.ShouldBe(state[parameter.Name].ShapeText, parameter.Name);
            state[parameter.Name].Data.CopyTo(parameter.Value.Data);
        }
    }
}

/// <summary>One batch of <c>golden/tiny/inputs.json</c>.</summary>
internal sealed record TrainingBatchOfGolden(IReadOnlyList<(int[] Ids, int PromptLength)> Sequences)
{
    public static IReadOnlyList<TrainingBatchOfGolden> ReadAll()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("golden", "tiny", "inputs.json")));
        return [.. document.RootElement.GetProperty("batches").EnumerateArray().Select(b => new TrainingBatchOfGolden(
            [.. b.EnumerateArray().Select(s => (s.GetProperty("ids").Deserialize<int[]>()!, s.GetProperty("prompt_len").GetInt32()))]))];
    }
}
