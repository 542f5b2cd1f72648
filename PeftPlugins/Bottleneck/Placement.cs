namespace SkPeft.Peft.Bottleneck;

/// <summary>Where the networks stand.</summary>
internal enum Placement
{
    /// <summary>Behind attention and behind the MLP of every block (Houlsby et al., arXiv 1902.00751).</summary>
    Houlsby,

    /// <summary>Behind the MLP only (Pfeiffer et al., arXiv 2005.00247).</summary>
    Pfeiffer,

    /// <summary>Beside the MLP (He et al., arXiv 2110.04366).</summary>
    Parallel,
}
