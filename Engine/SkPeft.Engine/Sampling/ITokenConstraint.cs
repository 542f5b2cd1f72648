namespace SkPeft.Engine.Sampling;

/// <summary>What tokens an answer may have, as it grows. One a request; not for several threads.</summary>
internal interface ITokenConstraint
{
    /// <summary>Sets the logits of all tokens that may not come next to -infinity. At least one is left.</summary>
    /// <param name="logits">[vocabulary].</param>
    void Apply(Span<float> logits);

    /// <summary>Takes the token that was chosen: one that <see cref="Apply"/> left.</summary>
    void Accept(int token);
}
