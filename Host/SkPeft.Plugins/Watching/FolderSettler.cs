namespace SkPeft.Plugins;

/// <summary>
/// Waits until a folder has come to rest: quiet for a while, then read twice, the same time apart, with the same content. Many rapid writes are one
/// change, and a file that is still being written is not taken for a whole one.
/// </summary>
internal sealed class FolderSettler(TimeSpan quiet)
{
    private string? _seen;

    /// <summary>When to call <see cref="Advance"/> next.</summary>
    public DateTimeOffset Due { get; private set; }

    /// <summary>Something changed: begins anew.</summary>
    public void Notice(DateTimeOffset now)
    {
        _seen = null;
        Due = now + quiet;
    }

    /// <summary>Looks, when it is time to; returns the fingerprint once the folder has settled, null before.</summary>
    public string? Advance(DateTimeOffset now, Func<string> look)
    {
        if (now < Due)
        {
            return null;
        }

        string found = look();
        if (found == _seen)
        {
            return found;
        }

        _seen = found;
        Due = now + quiet;
        return null;
    }
}
