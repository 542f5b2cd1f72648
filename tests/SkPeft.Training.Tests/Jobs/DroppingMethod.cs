using SkPeft.Tensors;
using SkPeft.Tensors.Training;

namespace SkPeft.Training.Tests.Jobs;

/// <summary>A method for tests: a low-rank change of every query and every MLP output, which do not see half of their inputs in a step.</summary>
internal sealed class DroppingMethod : ITrainablePeftMethod
{
    public const string PeftType = "DROPPING";

    private const int Rank = 2;

    private static readonly LinearKind[] s_kinds = [LinearKind.Query, LinearKind.Down];

    public IReadOnlyList<string> PeftTypes => [PeftType];

    public string Description => "a low-rank change with dropout";

    public PeftModule Load(AdapterPackage package, ModelShape shape) => new Module([.. Sites(shape)], package.Tensors);

    public PeftTraining BeginTraining(TrainingRequest request)
    {
        ParameterSet parameters = new();
        foreach (LinearSite site in Sites(request.Model.Shape))
        {
            ModuleInfo module = request.Model.Shape.ModuleOf(site);
            parameters.Add($"{site} A", $"{site} A", StartValues.KaimingUniform(request.Random, Rank, module.Inputs));
            parameters.Add($"{site} B", $"{site} B", StartValues.Normal(request.Random, 0.1f, module.Outputs, Rank));
        }

        return new DirectTraining(this, request, new ConfigDraft(request).ToElement(), parameters);
    }

    public void SelfTest()
    {
    }

    private static IEnumerable<LinearSite> Sites(ModelShape shape) => Enumerable.Range(0, shape.Sizes.Layers).SelectMany(layer => s_kinds.Select(kind => new LinearSite(layer, kind)));

    private sealed class Module(LinearSite[] sites, IReadOnlyDictionary<string, Tensor> tensors) : PeftModule
    {
        public override IReadOnlyList<string> MatchedModules => [.. sites.Select(ModelShape.NameOf)];

        public override IReadOnlyList<Effect> BuildEffects(IBaseModel model) =>
            [.. sites.Select(s => new LowRankEffect(s, tensors[$"{s} A"], tensors[$"{s} B"], 1) { Dropout = StepDraws.OfRows($"{s}", 0.5f) })];
    }
}
