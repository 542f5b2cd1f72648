using SkPeft.Tensors;
using SkPeft.Tensors.Training;

namespace SkPeft.Training.Tests.Jobs;

/// <summary>A method for tests: four soft tokens in front of the text. Its type decides whether it says that it reads the instruction.</summary>
internal sealed class TinyMethod : ITrainablePeftMethod
{
    public const string PeftType = "TINY";
    public const string ReadingType = "TINY_READING";

    private const int Rows = 4;

    public IReadOnlyList<string> PeftTypes => [PeftType, ReadingType];

    public string Description => "soft tokens";

    public PeftModule Load(AdapterPackage package, ModelShape shape) => new Module(package.Tensors["prompt"]);

    public PeftTraining BeginTraining(TrainingRequest request)
    {
        ParameterSet parameters = new();
        parameters.Add("prompt", "prompt.weight", StartValues.Normal(request.Random, 0.5f, Rows, request.Model.Shape.Sizes.HiddenSize));
        ConfigDraft config = new(request);
        return request.Package.PeftType == ReadingType
            ? new Reading(this, request, config, parameters)
            : new DirectTraining(this, request, config.ToElement(), parameters);
    }

    public void SelfTest()
    {
    }

    private sealed class Reading(TinyMethod method, TrainingRequest request, ConfigDraft config, ParameterSet parameters)
        : DirectTraining(method, request, config.ToElement(), parameters)
    {
        public override bool ReadsInstruction => true;
    }

    private sealed class Module(Tensor prompt) : PeftModule
    {
        public override IReadOnlyList<string> MatchedModules => ["model.embed_tokens"];

        public override IReadOnlyList<Effect> BuildEffects(IBaseModel model) => [new PromptEmbeddingsEffect(prompt)];
    }
}

/// <summary>A catalog of the methods for tests.</summary>
internal sealed class TinyCatalog : IPeftMethodCatalog
{
    private static readonly PluginIdentity s_plugin = new("tiny", "1.0", "", 1);

    /// <summary>Leases that are not disposed.</summary>
    public int Leases { get; private set; }

    public IPeftMethodLease Acquire(string peftType)
    {
        if (peftType is not (TinyMethod.PeftType or TinyMethod.ReadingType or DroppingMethod.PeftType))
        {
            throw new MethodNotFoundException(peftType, "There is TINY.");
        }

        Leases++;
        return new Lease(this, peftType == DroppingMethod.PeftType ? new DroppingMethod() : new TinyMethod());
    }

    public PluginIdentity? Current(string peftType) => s_plugin;

    private sealed class Lease(TinyCatalog catalog, IPeftMethod method) : IPeftMethodLease
    {
        public IPeftMethod Method { get; } = method;

        public PluginIdentity Plugin => s_plugin;

        public void Dispose() => catalog.Leases--;
    }
}
