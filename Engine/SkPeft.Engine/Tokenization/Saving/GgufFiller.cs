namespace SkPeft.Engine.Tokenization.Saving;

/// <summary>Tokens for ids that mean nothing, as llama.cpp's converter spells them: a file has one for every row of the embedding.</summary>
internal static class GgufFiller
{
    public static string Spelling(int id) => $"[PAD{id}]";
}
