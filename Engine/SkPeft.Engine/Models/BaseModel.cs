using SkPeft.Engine.Models.Loading;
using SkPeft.Tensors.Ops;

namespace SkPeft.Engine.Models;

/// <summary>What adapters may ask of the base, read from the model's files: it never waits for the engine.</summary>
internal sealed class BaseModel(OpenModelFiles files) : IBaseModel
{
    public ModelShape Shape { get; } = new(files.Config.Sizes);

    public Tensor Weight(string module)
    {
        ModuleInfo info = Shape.Find(module) ?? throw new ArgumentException($"The model has no module '{module}'.", nameof(module));
        string stored = module == "lm_head" && Shape.Sizes.TiedEmbeddings ? "model.embed_tokens" : module;
        float[] values = files.Read(source => source.Read(stored + ".weight"));
        return info.Kind == ModuleKind.Norm ? Tensor.From(values, info.Outputs) : Tensor.From(values, info.Outputs, info.Inputs);
    }

    public Tensor? Bias(string module)
    {
        ModuleInfo info = Shape.Find(module) ?? throw new ArgumentException($"The model has no module '{module}'.", nameof(module));
        return info.HasBias ? Tensor.From(files.Read(source => source.Read(module + ".bias")), info.Outputs) : null;
    }

    public Tensor Linear(LinearSite site, Tensor x)
    {
        ModuleInfo module = Shape.ModuleOf(site);
        Tensor y = x.MatMulTransposed(Weight(module.Name));
        return Bias(module.Name) is { } bias ? y.Add(bias) : y;
    }
}
