using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Memory;

/// <summary>The text tokens of one page, compared by value.</summary>
internal readonly struct PageTokens : IEquatable<PageTokens>
{
    private readonly int[]? _ids;

    private PageTokens(int[]? ids) => _ids = ids;

    /// <summary>The tokens of a page, fewer where virtual rows share it; no page's where it ends behind the limit.</summary>
    /// <param name="ids">The text.</param>
    /// <param name="page">The page's index in the sequence.</param>
    /// <param name="virtualRows">Rows in front of the text.</param>
    /// <param name="limit">Text tokens that count.</param>
    public static PageTokens Of(IReadOnlyList<int> ids, int page, int virtualRows, int limit)
    {
        int first = Math.Max(0, (page * KvPageLayout.Positions) - virtualRows);
        int end = Math.Max(0, ((page + 1) * KvPageLayout.Positions) - virtualRows);
        if (end > limit)
        {
            return default;
        }

        int[] tokens = new int[end - first];
        for (int i = 0; i < tokens.Length; i++)
        {
            tokens[i] = ids[first + i];
        }

        return new PageTokens(tokens);
    }

    public bool Equals(PageTokens other) =>
        _ids is null || other._ids is null ? ReferenceEquals(_ids, other._ids) : _ids.AsSpan().SequenceEqual(other._ids);

    public override bool Equals(object? obj) => obj is PageTokens other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int id in _ids ?? [])
        {
            hash.Add(id);
        }

        return hash.ToHashCode();
    }
}
