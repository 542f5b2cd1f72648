using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Memory;

/// <summary>
/// Pages of texts that were run before, found by content: a tree a domain, whose every edge is the tokens of one page. What stands in a page
/// depends on all tokens before it, so a page is found by its whole path only; tokens are compared, not their hashes.
/// </summary>
/// <remarks>Not safe for concurrent use: the scheduler's lock guards it. Its pages are read only; sequences copy before they write.</remarks>
/// <param name="pool">Where pages come from.</param>
/// <param name="maxPages">The most pages that it keeps; 0 turns it off.</param>
internal sealed class PrefixCache(KvPagePool pool, long maxPages) : IDisposable
{
    private readonly Dictionary<string, CachedDomain> _domains = new(StringComparer.Ordinal);
    private readonly LinkedList<CacheEntry> _byUse = [];
    private int _frontPages;

    /// <summary>Pages that it keeps.</summary>
    public int Pages { get; private set; }

    /// <summary>Positions, virtual and text, that requests found here instead of computing them.</summary>
    public long FoundRows { get; private set; }

    /// <summary>Lets a sequence that has not begun start with the longest known beginning of its text.</summary>
    /// <param name="domain">See <see cref="CacheDomain"/>.</param>
    /// <param name="ids">The text.</param>
    /// <param name="limit">Tokens that may be skipped: the rows of all others are needed.</param>
    /// <param name="sequence">The sequence.</param>
    public void Begin(string domain, IReadOnlyList<int> ids, int limit, Sequence sequence)
    {
        if (!_domains.TryGetValue(domain, out CachedDomain? known))
        {
            return;
        }

        int virtualRows = sequence.Plan.VirtualRows;
        List<CacheEntry> path = [];
        CacheEntry at = known.Root;
        while (at.Children.TryGetValue(PageTokens.Of(ids, path.Count, virtualRows, limit), out CacheEntry? next))
        {
            path.Add(next);
            at = next;
        }

        int rows = path.Count * KvPageLayout.Positions;
        if (rows > virtualRows)
        {
            sequence.Adopt([.. path.Select(e => e.Pages[0])], rows, rows - virtualRows);
        }
        else if (known.Front is { } front)
        {
            sequence.Adopt(front.Pages, virtualRows, 0);
            path = [front];
        }
        else
        {
            return;
        }

        FoundRows += sequence.Length;
        Touch(path);
    }

    /// <summary>Whether virtual rows that are computed now will be kept: a text that begins with the same ones should wait for them.</summary>
    public bool LacksFront(string domain) => maxPages > 0 && !(_domains.TryGetValue(domain, out CachedDomain? known) && known.Front is not null);

    /// <summary>Keeps the virtual rows in front of a sequence as soon as they are computed, though its text is not.</summary>
    public void KeepFront(string domain, Sequence sequence)
    {
        int virtualRows = sequence.Plan.VirtualRows;
        if (virtualRows == 0 || !sequence.Started || sequence.Length < virtualRows || !LacksFront(domain))
        {
            return;
        }

        CachedDomain known = DomainOf(domain);
        AddFront(known, sequence, virtualRows);
        Shrink();
        Forget(known);
    }

    /// <summary>Keeps what a sequence has computed: its full pages, and the virtual rows in front where every text of the domain begins with them.</summary>
    public void Keep(string domain, IReadOnlyList<int> ids, Sequence sequence)
    {
        int full = sequence.Length / KvPageLayout.Positions;
        int virtualRows = sequence.Plan.VirtualRows;
        if (maxPages == 0 || !sequence.Started || sequence.Length < virtualRows || (full == 0 && virtualRows == 0))
        {
            return;
        }

        CachedDomain known = DomainOf(domain);
        AddFront(known, sequence, virtualRows);
        List<CacheEntry> path = [];
        CacheEntry at = known.Root;
        for (int page = 0; page < full; page++)
        {
            PageTokens tokens = PageTokens.Of(ids, page, virtualRows, sequence.TextLength);
            if (!at.Children.TryGetValue(tokens, out CacheEntry? next))
            {
                next = Add(new CacheEntry(known, at, tokens, [sequence.PageList[page]]));
                at.Children.Add(tokens, next);
            }

            path.Add(next);
            at = next;
        }

        Touch(path);
        Shrink();
        Forget(known);
    }

    /// <summary>
    /// Lets go of what was used longest ago; false where nothing is left. Fronts, which every request of a module needs, stay while they are no
    /// more than half of it: text of others would push them out, and each request would compute its own.
    /// </summary>
    public bool Evict()
    {
        if (_byUse.First is not { } oldest)
        {
            return false;
        }

        if (oldest.Value.IsFront && 2 * _frontPages <= Pages)
        {
            oldest = OldestText() ?? oldest;
        }

        // A parent is used whenever its child is, and touched after it: the oldest entry has no children.
        CacheEntry entry = oldest.Value;
        _byUse.Remove(oldest);
        _frontPages -= entry.IsFront ? entry.Pages.Count : 0;
        foreach (KvPage page in entry.Pages)
        {
            Pages -= --page.CacheOwners == 0 ? 1 : 0;
            pool.Return(page);
        }

        if (entry.Parent is { } parent)
        {
            parent.Children.Remove(entry.Tokens);
        }
        else
        {
            entry.Domain.Front = null;
        }

        Forget(entry.Domain);
        return true;
    }

    public void Dispose()
    {
        while (Evict())
        {
        }
    }

    private LinkedListNode<CacheEntry>? OldestText()
    {
        LinkedListNode<CacheEntry>? node = _byUse.First;
        while (node is { Value.IsFront: true })
        {
            node = node.Next;
        }

        return node;
    }

    private void Shrink()
    {
        while (Pages > maxPages && Evict())
        {
        }
    }

    private CachedDomain DomainOf(string key)
    {
        if (!_domains.TryGetValue(key, out CachedDomain? known))
        {
            known = new CachedDomain(key);
            _domains.Add(key, known);
        }

        return known;
    }

    private void AddFront(CachedDomain known, Sequence sequence, int virtualRows)
    {
        if (virtualRows == 0 || known.Front is not null)
        {
            return;
        }

        // The last of these pages may go on with this text's rows: only its first rows are the front's, and whoever adopts it copies it.
        int pages = (virtualRows + KvPageLayout.Positions - 1) / KvPageLayout.Positions;
        known.Front = Add(new CacheEntry(known, null, default, [.. sequence.PageList.Take(pages)]));
        _frontPages += pages;
    }

    private void Forget(CachedDomain domain)
    {
        if (domain.Front is null && domain.Root.Children.Count == 0)
        {
            _domains.Remove(domain.Key);
        }
    }

    private CacheEntry Add(CacheEntry entry)
    {
        foreach (KvPage page in entry.Pages)
        {
            pool.Share(page);
            Pages += page.CacheOwners++ == 0 ? 1 : 0;
        }

        entry.Use = _byUse.AddLast(entry);
        return entry;
    }

    private void Touch(List<CacheEntry> path)
    {
        for (int i = path.Count - 1; i >= 0; i--)
        {
            _byUse.Remove(path[i].Use!);
            _byUse.AddLast(path[i].Use!);
        }
    }
}
