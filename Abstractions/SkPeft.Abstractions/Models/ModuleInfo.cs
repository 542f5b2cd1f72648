namespace SkPeft;

/// <summary>What a named module of the base model is.</summary>
public enum ModuleKind
{
    /// <summary>A linear layer: weight [out, in], bias [out] or none.</summary>
    Linear,

    /// <summary>The token embedding: weight [vocabulary, hidden].</summary>
    Embedding,

    /// <summary>An RMS norm: weight [hidden].</summary>
    Norm,
}

/// <summary>A module of the base model under its Hugging Face name, for instance <c>model.layers.3.self_attn.q_proj</c>.</summary>
/// <param name="Name">The name, without a <c>base_model.model.</c> in front.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Outputs">Rows of the weight: outputs of a linear layer, entries of the vocabulary, or the norm's width.</param>
/// <param name="Inputs">Columns of the weight; 1 for a norm.</param>
/// <param name="HasBias">Whether the base has a bias here.</param>
public sealed record ModuleInfo(string Name, ModuleKind Kind, int Outputs, int Inputs, bool HasBias)
{
    /// <summary>The block it belongs to, or -1.</summary>
    public int Layer { get; init; } = -1;

    /// <summary>The site, where <see cref="Kind"/> is <see cref="ModuleKind.Linear"/>.</summary>
    public LinearSite? Linear { get; init; }

    /// <summary>The site, where <see cref="Kind"/> is <see cref="ModuleKind.Norm"/>.</summary>
    public NormSite? Norm { get; init; }
}
