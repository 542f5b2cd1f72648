namespace SkPeft.Adapters.Store;

/// <summary>
/// Locks on files that die with whoever holds them: <c>flock</c> on Unix, sharing modes on Windows (both through FileStream). They belong
/// to the opened file, so they also exclude threads of one process.
/// </summary>
internal static class FileLock
{
    /// <summary>A lock that many may hold; null while someone holds the file exclusively.</summary>
    /// <remarks>Needs no write access where the file is there.</remarks>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    public static FileStream? TryShare(string path) => Try(path, FileMode.Open, FileAccess.Read, FileShare.Read);

    /// <summary>The only lock; null while anyone else holds one. Creates the file.</summary>
    public static FileStream? TryOwn(string path) => Try(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>A lock that many may hold, on a file that is created where it is missing; waits for an exclusive holder to finish.</summary>
    public static FileStream ShareWhenFree(string path, Patience patience)
    {
        while (true)
        {
            if (Try(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read) is { } held)
            {
                return held;
            }

            patience.Wait();
        }
    }

    private static FileStream? Try(string path, FileMode mode, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(path, mode, access, share, bufferSize: 0);
        }
        catch (IOException e) when (IsTaken(e))
        {
            return null;
        }
    }

    // EWOULDBLOCK is 11 on Linux and 35 on macOS; ERROR_SHARING_VIOLATION on Windows.
    private static bool IsTaken(IOException e) => e.HResult is 11 or 35 || e.HResult == unchecked((int)0x80070020);
}
