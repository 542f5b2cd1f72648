namespace SkPeft.Peft.Miss;

/// <summary>The variants of MiSS, which HF PEFT tells apart by <c>init_weights</c>.</summary>
internal enum MissVariant
{
    /// <summary>One matrix [r, out] (<c>true</c>).</summary>
    Balanced,

    /// <summary>The same with a random start (<c>false</c>).</summary>
    Random,

    /// <summary>A matrix [r, mini_r], repeated over the outputs (<c>"mini"</c>).</summary>
    Mini,

    /// <summary>Blocks [out/r, r, r] that also multiply the frozen weight (<c>"bat"</c>).</summary>
    Bat,
}
