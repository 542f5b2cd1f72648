using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Identity;

/// <summary>The plain reference in doubles.</summary>
internal sealed class ReferenceRunner(ReferenceLlama model) : IModelRunner
{
    public IBaseModel Base => model;

    public Task<Tensor> LogitsAsync(IReadOnlyList<int> ids, int instructionTokens, IReadOnlyList<Effect> effects) =>
        Task.FromResult(model.Logits(ids, instructionTokens, effects));

    public void Dispose()
    {
    }
}
