using SkPeft.Tensors.SelfTests;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.BitFit;

/// <summary>
/// BitFit (Ben Zaken et al., arXiv 2106.10199) for bases without biases: a learned bias is added to the output of every targeted linear
/// layer. The file format is our own.
/// </summary>
public sealed class BitFitMethod : ITrainablePeftMethod
{
    private const string Suffix = ".bitfit_bias";

    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["SKPEFT_BITFIT"];

    /// <inheritdoc/>
    public string Description => "BitFit: learned biases on linear layers (arXiv 2106.10199)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        BitFitConfig config = BitFitConfig.Read(package);
        AdapterTensors tensors = new(package);
        BitFitModule module = new([.. config.Targets.Match(shape, ModuleNames.AsTheyAre(package), ModuleKind.Linear)
            .Select(m => (m, tensors.Take(m.Name + Suffix, m.Outputs)))]);
        tensors.Finish();
        return module;
    }

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request)
    {
        new StartReader(request).Finish();
        ConfigDraft draft = new ConfigDraft(request).Default("target_modules", BitFitConfig.AllTargets());
        AdapterPackage package = draft.ToPackage(request.Package.Name);
        ParameterSet parameters = new();
        foreach (ModuleInfo module in BitFitConfig.Read(package).Targets.Match(request.Model.Shape, ModuleNames.AsTheyAre(package), ModuleKind.Linear))
        {
            // Biases of 0: step 0 is the base. None of them is drawn towards 0 by decay.
            parameters.Add(module.Name + Suffix, module.Name + Suffix, new Tensor(module.Outputs), decays: false);
        }

        return new DirectTraining(this, request, draft.ToElement(), parameters);
    }

    /// <inheritdoc/>
    public void SelfTest()
    {
        TinyBase model = new();
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "SKPEFT_BITFIT", "target_modules": ["up_proj"] }""", ("model.layers.0.mlp.up_proj" + Suffix, Tensor.From([1, -2, 3], 3)));
        IReadOnlyList<Effect> effects = Load(package, model.Shape).BuildEffects(model);
        SelfCheck.That("There is one effect, on up_proj", effects is [BiasEffect { Site: { Layer: 0, Kind: LinearKind.Up } }]);
        SelfCheck.Equal("The bias", ((BiasEffect)effects[0]).Bias, 1, -2, 3);
    }
}
