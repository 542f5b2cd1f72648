namespace SkPeft.Tensors.Kernels;

/// <summary>How users write a <see cref="Precision"/>: in lower case.</summary>
public static class PrecisionNames
{
    /// <summary>What each means, for help texts.</summary>
    public const string Meaning =
        "exact: fp32 activations; fast: activations of 16 bits where the weights are quantised; int8: of 8 bits but for outliers, where the CPU gains by it.";

    /// <summary>The names, for messages: exact, fast or int8.</summary>
    public const string Expected = "exact, fast or int8";

    /// <summary>Reads a name, in any case.</summary>
    /// <returns>Null where there is no such name.</returns>
    public static Precision? Read(string name) => name.ToUpperInvariant() switch
    {
        "EXACT" => Precision.Exact,
        "FAST" => Precision.Fast,
        "INT8" => Precision.Int8,
        _ => null,
    };
}
