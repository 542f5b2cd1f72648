using System.Diagnostics.CodeAnalysis;

namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>
/// A generator, as <c>map</c>, <c>select</c>, <c>batch</c> … return: read once, no length, no subscripts, always true.
/// </summary>
/// <param name="items">The source; it is enumerated lazily and only once.</param>
/// <param name="typeName">The name of the Python type.</param>
[SuppressMessage("Design", "CA1001", Justification = "The enumerator is over managed memory; nothing is held that disposing would free.")]
internal sealed class PyIterator(IEnumerable<object?> items, string typeName = "generator")
{
    private IEnumerator<object?>? _items;

    public string TypeName { get; } = typeName;

    /// <summary>Goes on where the last reader stopped.</summary>
    public IEnumerable<object?> Rest()
    {
        _items ??= items.GetEnumerator();
        while (_items.MoveNext())
        {
            yield return _items.Current;
        }
    }
}
