namespace SkPeft.Peft.Iapt;

/// <summary>
/// The coefficients that the learned activation starts with: a rational function of degrees 6 and 5 that is GELU up to 3.7e-3 on [−8, 8].
/// </summary>
/// <remarks>
/// GELU(x) = x/2 + an even function. With b₁ = b₃ = b₅ = 0, a₀ = 0, a₁ = 1/2, a₃ = b₂/2 and a₅ = b₄/2 the quotient's odd part is x/2 exactly;
/// a₂, a₄, a₆, b₂ and b₄ were fitted to the even part. The start itself is free (MiLoRA, arXiv 2410.18035, §4.3: "≈ GELU"); degree 5 over 4,
/// as libraries ship it, is off by 4 at |x| = 5.
/// </remarks>
internal static class RationalGelu
{
    private const float B2 = 0.23704308431f;
    private const float B4 = 0.000524303044514f;

    /// <summary>a₀ … a₆.</summary>
    public static Tensor Numerator() => Tensor.From([0, 0.5f, 0.413123684573f, B2 / 2, 0.0131094139386f, B4 / 2, -2.64359366357e-05f], 7);

    /// <summary>b₁ … b₅.</summary>
    public static Tensor Denominator() => Tensor.From([0, B2, 0, B4, 0], 5);
}
