namespace SkPeft.Peft.Lora;

/// <summary>How A and B start (<c>init_lora_weights</c>).</summary>
internal enum LoraInitialisation
{
    /// <summary>A uniform by He et al., B 0 (<c>true</c>).</summary>
    Kaiming,

    /// <summary>Both random (<c>false</c>): step 0 is not the base.</summary>
    Random,

    /// <summary>A normal with deviation 1/r, B 0.</summary>
    Gaussian,

    /// <summary>Both random with a product of 0.</summary>
    Orthogonal,

    /// <summary>The largest singular values of the weight (arXiv 2404.02948).</summary>
    Pissa,

    /// <summary>The first columns of the weight's QR factorisation (arXiv 2406.01775).</summary>
    Olora,
}
