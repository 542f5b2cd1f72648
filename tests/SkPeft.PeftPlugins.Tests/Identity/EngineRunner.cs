using SkPeft.Engine;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Identity;

/// <summary>The real engine in exact precision, on the reference's weights written to a folder.</summary>
internal sealed class EngineRunner : IModelRunner
{
    private readonly TemporaryFolder _folder = new();
    private readonly InlineMethod _method = new();
    private readonly IAdapterLoader _loader;
    private int _adapters;

    public EngineRunner(ReferenceLlama model)
    {
        HfModelFolder.Write(model, _folder.Root);
        Model = LanguageModel.Open(_folder.Root, new LanguageModelOptions { Precision = Precision.Exact, Threads = 2 });
        _loader = Model.CreateAdapterLoader(_method);
    }

    public LanguageModel Model { get; }

    public IBaseModel Base => Model.Base;

    /// <summary>An adapter that has these effects, or null for none.</summary>
    public async Task<ILoadedAdapter?> AdapterAsync(IReadOnlyList<Effect> effects)
    {
        if (effects.Count == 0)
        {
            return null;
        }

        // The effects are not in the files: the files of different effects must differ, as those of real adapters do.
        _method.Effects = effects;
        Tensor number = new(1);
        number.Data[0] = ++_adapters;
        return await _loader.LoadAsync(AdapterFolder.Write(_folder.PathOf("adapter"), InlineMethod.Config, new Dictionary<string, Tensor> { ["none"] = number }));
    }

    public async Task<Tensor> LogitsAsync(IReadOnlyList<int> ids, int instructionTokens, IReadOnlyList<Effect> effects)
    {
        Tensor logits = new(ids.Count, Base.Shape.Sizes.VocabularySize);
        using ILoadedAdapter? adapter = await AdapterAsync(effects);
        await Model.Engine.VisitLogitsAsync(ids, adapter, 0, (index, row) => row.CopyTo(logits.Row(index)), instructionTokens);
        return logits;
    }

    public void Dispose()
    {
        Model.Dispose();
        _folder.Dispose();
    }
}
