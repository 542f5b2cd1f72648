using SkPeft.Engine;
using SkPeft.Engine.Adapters;
using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Threading;
using SkPeft.Testing;
using SkPeft.Training.Forward;

namespace SkPeft.Training.Tests.Forward;

/// <summary>A small model and the training forward over it.</summary>
internal sealed class ForwardRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WorkerTeam _team;
    private readonly ComputeContext _compute;
    private readonly StepMemory _gradients = new();

    public ForwardRun(ReferenceLlama reference, int threads = 1, bool recompute = false)
    {
        HfModelFolder.Write(reference, _folder.Root);
        Model = LanguageModel.Open(_folder.Root, new LanguageModelOptions { Precision = Precision.Exact, Threads = 1 });
        _team = new WorkerTeam(threads);
        _compute = new ComputeContext(_team);
        Forward = new TrainingForward(Model, _compute, Memory, recompute);
    }

    public LanguageModel Model { get; }

    public StepMemory Memory { get; } = new();

    public TrainingForward Forward { get; }

    /// <summary>Σ weight · loss of all tokens that carry loss, and the gradients of the parameters.</summary>
    public (float[] Losses, Tensor?[] Gradients) Differentiate(IReadOnlyList<(TrainableEffects? Effects, int[] Ids, int PromptLength)> sequences, IReadOnlyList<Tensor> parameters)
    {
        using ComputeScope scope = new(_compute);
        Dictionary<TrainableEffects, EffectIndex> sorted = [];
        EffectIndex bare = EffectIndex.Sort("", "", [], Model.Shape);
        EffectIndex Sorted(TrainableEffects? effects)
        {
            if (effects is null)
            {
                return bare;
            }

            if (!sorted.TryGetValue(effects, out EffectIndex? index))
            {
                sorted.Add(effects, index = EffectIndex.Sort("test", "test", effects.Build(), Model.Shape));
            }

            return index;
        }

        Tensor losses = Forward.TokenLosses([.. sequences.Select(s => new TrainingSequence(Sorted(s.Effects), s.Ids, s.PromptLength, s.PromptLength))]);
        float[] values = losses.Data.ToArray();
        Tensor?[] found = [];
        if (losses.NeedsGradient)
        {
            Gradients gradients = Gradients.Of(losses.Multiply(Weights(losses.Length)).Sum(0), _gradients);
            found = [.. parameters.Select(p => gradients[p] is { } g ? Tensor.From(g.Data, g.Shape) : null)];
        }

        Memory.Recycle();
        _gradients.Recycle();
        return (values, found);
    }

    /// <summary>Weights that make every token count, but none like another.</summary>
    public static Tensor Weights(int count) => Tensor.From([.. Enumerable.Range(0, count).Select(i => 0.5f + (0.25f * (i % 3)))], count);

    public void Dispose()
    {
        Forward.Dispose();
        _compute.Dispose();
        _team.Dispose();
        Model.Dispose();
        _folder.Dispose();
    }
}
