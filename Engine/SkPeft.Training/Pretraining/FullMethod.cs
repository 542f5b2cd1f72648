namespace SkPeft.Training.Pretraining;

/// <summary>All parameters of a model as one "adapter": pretraining is then a run like any other. Lives in the trainer, never in a file.</summary>
internal sealed class FullMethod : ITrainablePeftMethod
{
    /// <summary>The type under which the trainer's own catalog has it.</summary>
    public const string PeftType = "SKPEFT_FULL";

    public IReadOnlyList<string> PeftTypes { get; } = [PeftType];

    public string Description => "all parameters, for pretraining";

    public PeftModule Load(AdapterPackage package, ModelShape shape) =>
        throw new AdapterOptionException(package.Name, PeftType, ["a pretrained model is a folder of its own (skpeft pretrain), not an adapter"]);

    public PeftTraining BeginTraining(TrainingRequest request) => new FullTraining(request.Package.Name, request.Model);

    public void SelfTest()
    {
        // Nothing to prove: it has no arithmetic.
    }
}
