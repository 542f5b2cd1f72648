using SkPeft.Engine.Models.Saving;
using SkPeft.Tensors.Formats;

namespace SkPeft.Host.Conversion;

/// <summary>Types of files as the command line spells them: <c>q8_0</c>.</summary>
internal static class TypeNames
{
    public static IReadOnlyList<string> All { get; } = [.. GgufModelWriter.FileTypes.Select(Of)];

    public static string Of(TensorType type) => type.ToString().ToLowerInvariant();

    /// <summary>The type, or null where the text is none of them.</summary>
    public static TensorType? Parse(string text) =>
        GgufModelWriter.FileTypes.Where(type => Of(type).Equals(text, StringComparison.OrdinalIgnoreCase)).Select(type => (TensorType?)type).FirstOrDefault();
}
