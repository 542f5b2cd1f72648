namespace SkPeft.Adapters.Store;

/// <summary>A file of an adapter's folder.</summary>
/// <param name="Path">Its path in the folder, with <c>/</c>.</param>
/// <param name="FullPath">Where it is.</param>
internal sealed record FolderFile(string Path, string FullPath)
{
    /// <summary>Opens it for reading.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public FileStream Open()
    {
        try
        {
            return BlobFiles.OpenToRead(FullPath);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw new StoreException($"'{FullPath}' cannot be read: {e.Message} Check that it is there and its permissions.", e);
        }
    }
}
