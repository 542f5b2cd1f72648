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
    private readonly EngineThread _thread;
    private readonly WorkerTeam _team;
    private readonly ComputeContext _compute;

    public ModelRuntime(LlamaWeights weights, int threads, InstructionSet? instructionSet, bool halfCache)
    {
        Weights = weights;
        ModelSizes sizes = weights.Shape.Sizes;
        KvPageLayout layout = new(sizes.Layers, sizes.KeyValueHeads, sizes.HeadDim, halfCache);
        InstructionSet chosen = InstructionSets.Select(instructionSet);
        _team = new WorkerTeam(threads);
        _compute = new ComputeContext(_team, chosen);
        Pages = new KvPagePool(layout);
        Forward = new LlamaForward(weights, _compute, layout);
        _thread = new EngineThread();
    }

    public LlamaWeights Weights { get; }

    public KvPagePool Pages { get; }

    public LlamaForward Forward { get; }

    /// <summary>Runs a step on the engine's thread. Steps run one at a time, in the order of the calls: requests interleave step by step.</summary>
    public Task RunAsync(Action step, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return _thread.RunAsync(step, cancellation);
    }

    public void Dispose()
    {
        _thread.Dispose();
        Forward.Dispose();
        Pages.Dispose();
        _compute.Dispose();
        _team.Dispose();
    }
}
