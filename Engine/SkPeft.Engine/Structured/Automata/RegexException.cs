namespace SkPeft.Engine.Structured.Automata;

/// <summary>A pattern cannot be used.</summary>
internal sealed class RegexException(string found, string expected) : Exception($"{found}, expected {expected}")
{
    public string Found { get; } = found;

    public string Expected { get; } = expected;
}
