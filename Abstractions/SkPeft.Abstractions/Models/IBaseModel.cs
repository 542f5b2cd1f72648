namespace SkPeft;

/// <summary>
/// What a method may ask of the frozen base while it builds its effects: LLaMA-Adapter projects its prompt by the base's own k and v,
/// DoRA needs the norms of the base's rows.
/// </summary>
/// <remarks>Safe for concurrent use. Results are copies in fp32, in Hugging Face's order of rows whatever the file's layout.</remarks>
public interface IBaseModel
{
    /// <summary>Sizes and modules.</summary>
    ModelShape Shape { get; }

    /// <summary>The dequantised weight of a module: [out, in], [vocabulary, hidden] or [hidden].</summary>
    /// <exception cref="ArgumentException">There is no such module.</exception>
    Tensor Weight(string module);

    /// <summary>The bias [out] of a module, or null.</summary>
    Tensor? Bias(string module);

    /// <summary>x Wᵀ + b for rows x [n, in]; differentiable in x.</summary>
    Tensor Linear(LinearSite site, Tensor x);
}
