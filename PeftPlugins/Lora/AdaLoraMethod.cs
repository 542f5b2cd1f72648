using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.Lora;

/// <summary>
/// AdaLoRA (Zhang et al., arXiv 2303.10512): ΔW = B (A ⊙ E) · α / (r₀ + 1e-5), where training prunes rows of A and r₀ stays the rank it
/// began with. Files as HF PEFT 0.21 writes them: pruned rows are gone, <c>rank_pattern</c> says which.
/// </summary>
public sealed class AdaLoraMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["ADALORA"];

    /// <inheritdoc/>
    public string Description => "AdaLoRA: LoRA whose ranks were distributed over the modules by training (arXiv 2303.10512)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        AdaLoraScheme? scheme = null;
        PeftModule module = LayerMethods.Load(package, shape, reader => scheme = AdaLoraScheme.Read(reader, shape));
        scheme!.CheckPattern(ModuleNames.Of(package), shape);
        return module;
    }

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request)
    {
        StartReader start = new(request);
        AdaLoraRun run = AdaLoraRun.Read(start);
        PeftTraining training = LayerMethods.Begin(
            this,
            request,
            reader =>
            {
                run.ReadSchedule(reader);
                return AdaLoraScheme.Read(reader, request.Model.Shape, request.Model);
            },

            // A run begins with every row; which ones it kept is for the saved file to say.
            draft => draft.Set("rank_pattern", null),
            start: start);
        return new AdaLoraTraining(training, run);
    }

    /// <inheritdoc/>
    public void SelfTest() => LoraSelfTest.RunAdaptive(this);
}
