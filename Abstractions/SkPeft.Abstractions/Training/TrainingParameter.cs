namespace SkPeft;

/// <summary>A trainable tensor.</summary>
/// <param name="name">Its name in training states, as Hugging Face PEFT's <c>named_parameters</c> has it where PEFT has the method.</param>
/// <param name="value">Its value: a tensor that gradients are taken for (<c>StartValues.Parameter</c>); the optimiser changes the elements in place.</param>
public sealed class TrainingParameter(string name, Tensor value)
{
    /// <summary>The group of parameters that share a learning rate where none is named.</summary>
    public const string DefaultGroup = "default";

    /// <summary>Its name in training states.</summary>
    public string Name { get; } = name;

    /// <summary>Its value.</summary>
    public Tensor Value { get; } =
        value.Derivation is not null ? value : throw new ArgumentException($"'{name}' is a constant: no gradient can be taken for it.", nameof(value));

    /// <summary>The group that it shares a learning rate with; a run may give each group its own (<c>groups</c> in the options).</summary>
    public string Group { get; init; } = DefaultGroup;

    /// <summary>The factor on the run's learning rate where the options say nothing of the group.</summary>
    public float RateFactor { get; init; } = 1;

    /// <summary>Whether weight decay applies; false for gates, scales and magnitudes, whose neutral value is not 0.</summary>
    public bool Decays { get; init; } = true;
}
