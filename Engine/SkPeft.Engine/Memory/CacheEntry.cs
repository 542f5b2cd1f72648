namespace SkPeft.Engine.Memory;

/// <summary>One page of a known text, or the pages of a domain's virtual rows.</summary>
/// <param name="domain">Its tree.</param>
/// <param name="parent">The page before; null for the front.</param>
/// <param name="tokens">What leads from the parent to it.</param>
/// <param name="pages">The pages.</param>
internal sealed class CacheEntry(CachedDomain domain, CacheEntry? parent, PageTokens tokens, IReadOnlyList<KvPage> pages)
{
    public CachedDomain Domain { get; } = domain;

    public CacheEntry? Parent { get; } = parent;

    /// <summary>Whether it is a domain's virtual rows.</summary>
    public bool IsFront => Parent is null;

    public PageTokens Tokens { get; } = tokens;

    public IReadOnlyList<KvPage> Pages { get; } = pages;

    public Dictionary<PageTokens, CacheEntry> Children { get; } = [];

    /// <summary>Its place in the order of last use.</summary>
    public LinkedListNode<CacheEntry>? Use { get; set; }
}

/// <summary>The texts of one domain.</summary>
internal sealed class CachedDomain
{
    public CachedDomain(string key)
    {
        Key = key;
        Root = new CacheEntry(this, null, default, []);
    }

    public string Key { get; }

    /// <summary>Where every text begins; it has no page.</summary>
    public CacheEntry Root { get; }

    /// <summary>The virtual rows with which every text begins, once they were computed.</summary>
    public CacheEntry? Front { get; set; }
}
