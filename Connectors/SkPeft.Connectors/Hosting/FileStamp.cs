using Microsoft.Win32.SafeHandles;

namespace SkPeft.Connectors.Hosting;

/// <summary>Tells that a file has changed. Links are followed: mounted secrets and settings are links whose targets change.</summary>
/// <param name="Written">When it was written.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct FileStamp(DateTime Written, long Length)
{
    /// <summary>The file's stamp; that of no file where it cannot be opened.</summary>
    public static FileStamp Of(string path)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            return new FileStamp(File.GetLastWriteTimeUtc(file), RandomAccess.GetLength(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}
