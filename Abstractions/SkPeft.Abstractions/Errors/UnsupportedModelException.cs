namespace SkPeft;

/// <summary>The model file is well formed, but asks for an architecture or option that this engine does not have.</summary>
/// <param name="file">The file or folder.</param>
/// <param name="option">The option's name, for instance <c>architectures</c> or <c>rope_scaling.rope_type</c>.</param>
/// <param name="found">Its value.</param>
/// <param name="supported">The values that are supported.</param>
public sealed class UnsupportedModelException(string file, string option, string found, string supported)
    : SkPeftException("unsupported-model", $"{file}: {option} is {found}, which is not supported. Supported: {supported}.")
{
    /// <summary>The option's name.</summary>
    public string Option { get; } = option;

    /// <summary>The option's value in the file.</summary>
    public string Found { get; } = found;
}
