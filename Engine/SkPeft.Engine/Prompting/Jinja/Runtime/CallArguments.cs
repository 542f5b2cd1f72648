namespace SkPeft.Engine.Prompting.Jinja.Runtime;

/// <summary>The arguments of one call, in the order they were written.</summary>
internal sealed class CallArguments(IReadOnlyList<object?> positional, IReadOnlyList<KeyValuePair<string, object?>> named)
{
    public static CallArguments None { get; } = new([], []);

    public IReadOnlyList<object?> Positional { get; } = positional;

    public IReadOnlyList<KeyValuePair<string, object?>> Named { get; } = named;

    /// <summary>The same without the first <paramref name="count"/> positional arguments.</summary>
    public CallArguments Skip(int count) => new([.. Positional.Skip(count)], Named);
}
