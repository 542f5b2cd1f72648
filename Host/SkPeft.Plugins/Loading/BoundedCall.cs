namespace SkPeft.Plugins;

/// <summary>Runs code that may hang, for so long and no longer.</summary>
internal static class BoundedCall
{
    /// <summary>Runs <paramref name="work"/> on a thread of its own; returns false where it has not returned in time.</summary>
    /// <remarks>
    /// Real time, whatever the catalog's clock says. A thread that does not return cannot be stopped: it goes on in the background and does not keep
    /// the process alive. <paramref name="work"/> must not throw.
    /// </remarks>
    public static bool TryRun(Action work, TimeSpan limit, string name)
    {
        Thread thread = new(() => work()) { IsBackground = true, Name = name };
        thread.Start();
        return thread.Join(limit);
    }
}
