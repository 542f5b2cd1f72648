namespace SkPeft.PeftPlugins.Tests.Identity;

/// <summary>A model that identities are tried on: the plain reference, or the real engine.</summary>
internal interface IModelRunner : IDisposable
{
    /// <summary>What methods may ask of the base.</summary>
    IBaseModel Base { get; }

    /// <summary>Logits [ids, vocabulary] under effects.</summary>
    /// <param name="ids">The text.</param>
    /// <param name="instructionTokens">How many of the first ids are the instruction.</param>
    /// <param name="effects">The effects; none is the bare base.</param>
    Task<Tensor> LogitsAsync(IReadOnlyList<int> ids, int instructionTokens, IReadOnlyList<Effect> effects);
}
