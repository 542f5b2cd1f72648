namespace SkPeft.Engine.Tokenization.Patterns;

/// <summary>A pattern that is not understood; caught where the file's name is known.</summary>
internal sealed class PatternSyntaxException(string problem) : Exception(problem);
