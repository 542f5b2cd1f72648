using SkPeft.Engine.Memory;
using SkPeft.Engine.Models.Llama;
using SkPeft.Engine.Scheduling;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;

namespace SkPeft.Engine.Generation;

/// <summary>Everything that one forward step needs, and the scheduler whose one thread runs steps.</summary>
internal sealed class ModelRuntime : IDisposable
{
    private readonly WorkerTeam _team;
    private readonly ComputeContext _compute;
    private readonly LlamaForward _forward;

    public ModelRuntime(LlamaWeights weights, int threads, InstructionSet? instructionSet, bool halfCache, SchedulerOptions options)
    {
        SchedulerOptions checkedOptions = options.Validated();
        Weights = weights;
        ModelSizes sizes = weights.Shape.Sizes;
        KvPageLayout layout = new(sizes.Layers, sizes.KeyValueHeads, sizes.HeadDim, halfCache);
        InstructionSet chosen = InstructionSets.Select(instructionSet);
        _team = new WorkerTeam(threads);
        _compute = new ComputeContext(_team, chosen);
        Pages = new KvPagePool(layout, Math.Max(1, (options.KeyValueBytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4) / layout.PageBytes));
        _forward = new LlamaForward(weights, _compute, layout);
        Scheduler = new Scheduler(checkedOptions, Pages, new StepRunner(_forward, _team));
    }

    public LlamaWeights Weights { get; }

    public KvPagePool Pages { get; }

    public Scheduler Scheduler { get; }

    public void Dispose()
    {
        Scheduler.Dispose();
        _forward.Dispose();
        Pages.Dispose();
        _compute.Dispose();
        _team.Dispose();
    }
}
