using SkPeft.Engine;
using SkPeft.Engine.Models.Llama;
using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Training.Forward;

/// <summary>
/// The forward of serving with a memory: fp32 over the frozen base in the format it was loaded in, the adapters' effects on their rows, and
/// what gradients need. Sequences are laid one below the other without padding; those of different adapters share the base's products.
/// </summary>
/// <remarks>Used by one thread at a time. Results live in the step's memory, until it is recycled.</remarks>
internal sealed class TrainingForward : ITrainingForward, IDisposable
{
    private readonly ForwardContext _context;
    private readonly EmbeddingRows _embeddings;
    private readonly BlockForward _blocks;
    private readonly LossHead _head;
    private readonly ClassHead _classes;

    /// <param name="model">The model; not owned.</param>
    /// <param name="compute">Workers and kernels; not owned.</param>
    /// <param name="memory">Memory for activations.</param>
    /// <param name="recompute">Whether a block keeps only its input, and is computed again on the way back.</param>
    public TrainingForward(LanguageModel model, ComputeContext compute, StepMemory memory, bool recompute = false)
    {
        _context = new ForwardContext(model.Weights, new RopeTable(model.Config.InverseFrequencies()), compute, memory);
        Recompute = recompute;
        NormRows norms = new(_context);
        AdaptedLinear linears = new(_context);
        _embeddings = new EmbeddingRows(_context);
        _blocks = new BlockForward(_context, norms, linears);
        _head = new LossHead(_context, norms, linears);
        _classes = new ClassHead(_context, norms);
    }

    /// <summary>Whether a block keeps only its input.</summary>
    public bool Recompute { get; }

    /// <summary>Negative log-likelihoods (natural logarithm) of the tokens that carry loss, [n], sequence by sequence; differentiable.</summary>
    public Tensor TokenLosses(IReadOnlyList<TrainingSequence> sequences)
    {
        using ResultScope scope = new(_context.Memory);
        TrainingBatch batch = new(sequences);
        return _head.TokenLosses(batch, Residual(batch));
    }

    /// <summary>The scores of the adapters' own classes behind every sequence, [sequences, classes]; differentiable.</summary>
    public Tensor ClassScores(IReadOnlyList<TrainingSequence> sequences)
    {
        using ResultScope scope = new(_context.Memory);
        TrainingBatch batch = new(sequences);
        return _classes.Scores(batch, Residual(batch));
    }

    /// <summary>What every layer sees and remembers of one sequence.</summary>
    public IReadOnlyList<LayerState> Probe(TrainingSequence sequence)
    {
        TrainingBatch batch = new([sequence]);
        int mark = _context.Memory.Mark;
        _context.Rope.Ensure(batch.PositionCount);
        List<LayerState> layers = [];
        Tensor x = _embeddings.Apply(batch);
        for (int layer = 0; layer < _context.Sizes.Layers; layer++)
        {
            layers.Add(_blocks.State(layer, batch, x));
            x = _blocks.Apply(layer, batch, x);
        }

        _context.Memory.ReleaseSince(mark, null);
        return layers;
    }

    public void Dispose() => _context.Rope.Dispose();

    private Tensor Residual(TrainingBatch batch)
    {
        _context.Rope.Ensure(batch.PositionCount);
        Tensor x = _embeddings.Apply(batch);
        for (int layer = 0; layer < _context.Sizes.Layers; layer++)
        {
            x = Block(layer, batch, x);
        }

        return x;
    }

    private Tensor Block(int layer, TrainingBatch batch, Tensor x)
    {
        StepMemory memory = _context.Memory;
        int mark = memory.Mark;
        Tensor y = _blocks.Apply(layer, batch, x);
        if (!y.NeedsGradient)
        {
            // Nothing of a block below the first trained place is needed on the way back.
            memory.ReleaseSince(mark, y);
            return y;
        }

        if (!Recompute)
        {
            return y;
        }

        memory.ReleaseSince(mark, y);
        Derivation[] self = new Derivation[1];
        Tensor kept = Operation.Record(y.Detach(), (gradient, gradients) =>
        {
            int before = memory.Mark;
            using (ResultScope scope = new(memory))
            {
                gradients.Add(_blocks.Apply(layer, batch, x), gradient, owned: false);
            }

            gradients.WalkDownTo(self[0].Order);
            memory.ReleaseSince(before, null);
        }, y);
        self[0] = kept.Derivation!;
        return kept;
    }
}
