namespace SkPeft.Host.Output;

/// <summary>A file that a command writes: whole or not at all, by renaming a new one into its place. So it must be no device.</summary>
internal static class OutputFile
{
    /// <summary>Returns the path if a file may be put there.</summary>
    /// <exception cref="FileAccessException">It is a device, a pipe or a folder, which a rename would replace or miss.</exception>
    public static string Check(string path)
    {
        if (path.Length == 0 || Directory.Exists(path))
        {
            throw new FileAccessException(path, "this is no file name", "Name the file to be written.");
        }

        string full = Path.GetFullPath(path);
        string target = File.Exists(full) ? File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full;
        return new[] { full, target }.Any(p => p.StartsWith("/dev/", StringComparison.Ordinal) && !p.StartsWith("/dev/shm/", StringComparison.Ordinal))
            ? throw new FileAccessException(path, "this is a device, and the file is put in place by renaming", "Name a file.")
            : path;
    }
}
