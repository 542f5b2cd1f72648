namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Values of <c>tokenizer.ggml.token_type</c>.</summary>
internal static class GgufTokenType
{
    public const int Undefined = 0;
    public const int Normal = 1;
    public const int Unknown = 2;
    public const int Control = 3;
    public const int UserDefined = 4;
    public const int Unused = 5;
    public const int Byte = 6;
}
