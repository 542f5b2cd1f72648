namespace SkPeft.Adapters.Store;

internal static class BlobState
{
    /// <summary>The file's digest, or in words why it has none.</summary>
    public static string Read(string blob, CancellationToken cancellationToken)
    {
        try
        {
            return BlobFiles.Hash(blob, cancellationToken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return "nothing (the file is missing)";
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            return $"an unreadable file ({e.Message})";
        }
    }
}
