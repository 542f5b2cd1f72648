namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>A list or a tuple.</summary>
internal interface IPySequence
{
    IReadOnlyList<object?> Items { get; }
}
