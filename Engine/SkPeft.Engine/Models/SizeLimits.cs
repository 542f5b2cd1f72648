namespace SkPeft.Engine.Models;

/// <summary>Sizes beyond which a file is not believed. Each is several times what the largest published LLaMA has.</summary>
internal static class SizeLimits
{
    public const int Layers = 1024;
    public const int Hidden = 1 << 17;
    public const int Heads = 1024;
    public const int HeadDim = 4096;
    public const int Intermediate = 1 << 20;
    public const int Vocabulary = 1 << 22;
    public const int Positions = 1 << 28;

    /// <summary>Checks what sizes owe to each other.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="sizes">The sizes, each within its own limit.</param>
    /// <param name="kvHeadsKey">What the file calls the number of key heads.</param>
    /// <param name="headDimKey">What the file calls the width of a head.</param>
    public static ModelSizes Check(string file, ModelSizes sizes, string kvHeadsKey, string headDimKey)
    {
        if (sizes.Heads % sizes.KeyValueHeads != 0)
        {
            throw new FileFormatException(file, kvHeadsKey, $"{sizes.KeyValueHeads}", $"a divisor of the {sizes.Heads} query heads");
        }

        return sizes.HeadDim % 2 == 0
            ? sizes
            : throw new FileFormatException(file, headDimKey, $"{sizes.HeadDim}", "an even number: rotary embedding turns pairs");
    }
}
