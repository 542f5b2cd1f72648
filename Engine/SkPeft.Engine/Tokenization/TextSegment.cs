namespace SkPeft.Engine.Tokenization;

/// <summary>A run of a prompt and who wrote it.</summary>
/// <param name="Text">The text.</param>
/// <param name="Trusted">True for a template's own text, in which special tokens count; false for inserted content, in which they never do.</param>
public sealed record TextSegment(string Text, bool Trusted);
