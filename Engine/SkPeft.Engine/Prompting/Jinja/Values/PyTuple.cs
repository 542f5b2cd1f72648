namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>A Python tuple; what <c>groupby</c> yields has the fields <c>grouper</c> and <c>list</c> besides.</summary>
internal sealed class PyTuple(IReadOnlyList<object?> items, bool isGroup = false) : IPySequence
{
    public IReadOnlyList<object?> Items { get; } = items;

    public bool IsGroup { get; } = isGroup;
}
