using System.Text;

namespace SkPeft.Training.Output;

/// <summary>Text files, whole or not at all.</summary>
internal static class TextFileWriter
{
    /// <exception cref="FileAccessException">It cannot be written.</exception>
    public static void Write(string path, string text)
    {
        string temporary = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new FileAccessException(path, $"the file cannot be written ({e.Message})", "Check the path and the free space of the disk.", e);
        }
    }
}
