namespace SkPeft;

/// <summary>One adapter, loaded and checked: parameters and the map from parameters to effects.</summary>
/// <remarks>Immutable after <see cref="IPeftMethod.Load"/>. The map is written once, with <c>TensorOps</c>, and serves inference and training.</remarks>
public abstract class PeftModule
{
    /// <summary>The modules of the base that this adapter touches, under their Hugging Face names; soft prompts name <c>model.embed_tokens</c>, prefixes each layer's <c>self_attn</c>.</summary>
    public abstract IReadOnlyList<string> MatchedModules { get; }

    /// <summary>How many tasks the file holds; this module serves one of them (<see cref="AdapterPackage.Task"/>). 1 for most methods.</summary>
    public virtual int Tasks => 1;

    /// <summary>Maps the parameters to effects.</summary>
    /// <param name="model">The frozen base.</param>
    public abstract IReadOnlyList<Effect> BuildEffects(IBaseModel model);
}
