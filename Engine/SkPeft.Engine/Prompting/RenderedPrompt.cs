namespace SkPeft.Engine.Prompting;

/// <summary>A rendered prompt, and which of its characters a stranger wrote: special tokens are never matched there.</summary>
/// <param name="Text">The prompt.</param>
/// <param name="UntrustedSpans">UTF-16 spans of message contents, tools and documents; sorted, not touching.</param>
public sealed record RenderedPrompt(string Text, IReadOnlyList<(int Start, int Length)> UntrustedSpans);
