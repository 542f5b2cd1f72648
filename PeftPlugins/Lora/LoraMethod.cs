using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.Lora;

/// <summary>
/// LoRA (Hu et al., arXiv 2106.09685): y = W₀x + s·B A x, with rsLoRA (arXiv 2312.03732) and DoRA (arXiv 2402.09353), on linear layers,
/// the embedding and the head. Files as HF PEFT 0.21 writes them.
/// </summary>
public sealed class LoraMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["LORA"];

    /// <inheritdoc/>
    public string Description => "LoRA: low-rank updates of weights, with rsLoRA and DoRA (arXiv 2106.09685)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape) => Load(package, shape, LoraStart.None);

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request)
    {
        StartReader reader = new(request);
        LoraStart start = LoraStart.Read(reader, request);
        return LayerMethods.Begin(
            new Run(this, start),
            request,
            config => LoraScheme.Read(config, request.Model.Shape, start),
            start.Complete,
            new LoraConversion(start, request.Model.Shape).Convert,
            reader);
    }

    /// <inheritdoc/>
    public void SelfTest() => LoraSelfTest.Run(this);

    private static PeftModule Load(AdapterPackage package, ModelShape shape, LoraStart start) =>
        LayerMethods.Load(package, shape, reader => LoraScheme.Read(reader, shape, start));

    // The same method for the module of a run, which remembers what was taken from the base.
    private sealed class Run(LoraMethod method, LoraStart start) : IPeftMethod
    {
        public IReadOnlyList<string> PeftTypes => method.PeftTypes;

        public string Description => method.Description;

        public PeftModule Load(AdapterPackage package, ModelShape shape) => LoraMethod.Load(package, shape, start);

        public void SelfTest() => method.SelfTest();
    }
}
