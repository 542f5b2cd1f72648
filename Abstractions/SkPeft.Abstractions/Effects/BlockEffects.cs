namespace SkPeft;

/// <summary>A network beside or behind a sub-layer (bottleneck adapters, arXiv 1902.00751, 2005.00247, 2110.04366).</summary>
/// <param name="layer">The block, from 0.</param>
/// <param name="subLayer">Attention or MLP.</param>
public abstract class SubLayerEffect(int layer, SubLayerKind subLayer) : Effect
{
    /// <summary>The block, from 0.</summary>
    public int Layer { get; } = layer;

    /// <summary>Attention or MLP.</summary>
    public SubLayerKind SubLayer { get; } = subLayer;

    /// <inheritdoc/>
    public sealed override bool ChangesKeysOrValues(int layers) => Layer < layers - 1;

    /// <summary>Gives what takes the place of the sub-layer's output, before it is added to the residual stream.</summary>
    /// <param name="input">What went into the sub-layer (the norm's output), [n, hidden].</param>
    /// <param name="output">What came out of it, [n, hidden]. Neither may be written to.</param>
    public abstract Tensor Apply(Tensor input, Tensor output);
}

/// <summary>The gain of a norm is replaced for this adapter's rows.</summary>
/// <param name="site">The norm.</param>
/// <param name="weight">The gain, [hidden].</param>
public sealed class NormEffect(NormSite site, Tensor weight) : Effect
{
    /// <summary>The norm.</summary>
    public NormSite Site { get; } = site;

    /// <summary>The gain, [hidden].</summary>
    public Tensor Weight { get; } = weight;

    /// <inheritdoc/>
    public override bool ChangesKeysOrValues(int layers) =>
        Site.Kind != NormKind.Final && (Site.Layer < layers - 1 || Site.Kind == NormKind.Attention);
}
