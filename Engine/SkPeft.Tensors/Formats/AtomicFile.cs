namespace SkPeft.Tensors.Formats;

/// <summary>Writes files whole or not at all: a temporary one beside the file is renamed at the end.</summary>
internal static class AtomicFile
{
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="write">Writes the content. Whatever it throws is thrown on, and nothing is left behind.</param>
    /// <exception cref="FileAccessException">The file cannot be written: folder missing, forbidden, disk full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string temporary = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e)
        {
            Discard(temporary);
            if (e is IOException or UnauthorizedAccessException)
            {
                throw FileErrors.CannotWrite(path, e);
            }

            throw;
        }
    }

    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first error is the one to report.
        }
    }
}
