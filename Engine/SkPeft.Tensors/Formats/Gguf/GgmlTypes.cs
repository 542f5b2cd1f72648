namespace SkPeft.Tensors.Formats;

/// <summary>The numbers of ggml's tensor types: those we read, and the names of those we do not.</summary>
internal static class GgmlTypes
{
    private static readonly Dictionary<uint, string> s_unsupported = new()
    {
        [9] = "Q8_1", [15] = "Q8_K", [16] = "IQ2_XXS", [17] = "IQ2_XS", [18] = "IQ3_XXS", [19] = "IQ1_S", [21] = "IQ3_S", [22] = "IQ2_S",
        [29] = "IQ1_M", [34] = "TQ1_0", [35] = "TQ2_0", [39] = "MXFP4",
    };

    /// <exception cref="UnsupportedModelException">A type that ggml has and we do not.</exception>
    /// <exception cref="FileFormatException">No type of ggml.</exception>
    public static TensorTypeInfo Require(string file, string tensor, uint id)
    {
        if (TensorTypeInfo.FromGgmlId(id) is { } info)
        {
            return info;
        }

        throw s_unsupported.TryGetValue(id, out string? name)
            ? new UnsupportedModelException(file, $"the type of tensor '{tensor}'", name, TensorTypeInfo.FloatTypesOfGguf)
            : new FileFormatException(file, $"tensor '{tensor}' type", $"{id}",
                $"the number of a ggml type ({TensorTypeInfo.FloatTypesOfGguf})");
    }
}
