using SkPeft.Engine.Memory;
using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Engine.Generation;

/// <summary>
/// Everything that one forward step needs, and the one thread that runs steps. The seam for a scheduler: it will own this
/// object and put the rows of several requests into one step.
/// </summary>
internal sealed class ModelRuntime : IDisposable
{
    private readonly EngineThread _thread = new();
    private readonly WorkerTeam _team;
    private readonly ComputeContext _compute;

    public ModelRuntime(LlamaWeights weights, int threads, InstructionSet? instructionSet, bool halfCache)
    {
        Weights = weights;
        ModelSizes sizes = weights.Shape.Sizes;
        KvPageLayout layout = new(sizes.Layers, sizes.KeyValueHeads, sizes.HeadDim, halfCache);
        _team = new WorkerTeam(threads);
        _compute = new ComputeContext(_team, instructionSet);
        Pages = new KvPagePool(layout);
        Forward = new LlamaForward(weights, _compute, layout);
    }

    public LlamaWeights Weights { get; }

    public KvPagePool Pages { get; }

    public LlamaForward Forward { get; }

    /// <summary>Runs a step on the engine's thread. Steps run one at a time, in the order of the calls: requests interleave step by step.</summary>
    public Task RunAsync(Action step, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return _thread.RunAsync(step);
    }

    /// <summary>Gives a sequence's pages back, behind the steps that still use them.</summary>
    public void Release(Sequence sequence) => _thread.Post(sequence.Dispose);

    public void Dispose()
    {
        _thread.Dispose();
        Forward.Dispose();
        Pages.Dispose();
        _compute.Dispose();
        _team.Dispose();
    }
}
