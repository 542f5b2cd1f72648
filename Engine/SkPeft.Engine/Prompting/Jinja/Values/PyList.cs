namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>A Python list. The immutable sandbox refuses every method that would change it, so it never changes.</summary>
internal sealed class PyList(IReadOnlyList<object?> items) : IPySequence
{
    public IReadOnlyList<object?> Items { get; } = items;
}
