using System.Runtime.CompilerServices;

namespace SkPeft.Testing;

/// <summary>Finds <c>../shared</c> (reference outputs, models, data), which lies beside the repository and is never shipped.</summary>
public static class SharedFolder
{
    private static readonly string? s_root = Find();

    /// <summary>True where the folder is there.</summary>
    public static bool Exists => s_root is not null;

    /// <summary>The repository's root.</summary>
    public static string RepositoryRoot { get; } = FindUp(SourceFolder(), "SkPeft.sln") ?? throw new InvalidOperationException("SkPeft.sln not found");

    /// <summary>The full path of a file or folder of <c>../shared</c>; skips the calling test where the folder is absent.</summary>
    public static string PathOf(params string[] parts)
    {
        if (s_root is null)
        {
            Xunit.Assert.Skip("../shared is absent: reference outputs cannot be compared here.");
        }

        return Path.Combine([s_root, .. parts]);
    }

    /// <summary>Names of sub-folders, or nothing where <c>../shared</c> is absent (for theory data, which may not skip).</summary>
    public static IEnumerable<string> FoldersIn(params string[] parts) =>
        s_root is null ? [] : Directory.GetDirectories(Path.Combine([s_root, .. parts])).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal);

    /// <summary>Names of files, or nothing where <c>../shared</c> is absent.</summary>
    public static IEnumerable<string> FilesIn(params string[] parts) =>
        s_root is null ? [] : Directory.GetFiles(Path.Combine([s_root, .. parts])).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal);

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("SKPEFT_SHARED") is { Length: > 0 } named)
        {
            return Directory.Exists(named) ? named : null;
        }

        // The folder lies beside the repository, whatever the repository's folder is called.
        string? repository = FindUp(SourceFolder(), "SkPeft.sln");
        string? beside = repository is null ? null : Path.Combine(repository, "..", "shared");
        return beside is not null && Directory.Exists(Path.Combine(beside, "golden")) ? Path.GetFullPath(beside) : null;
    }

    private static string? FindUp(string from, string file)
    {
        for (DirectoryInfo? folder = new(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, file)))
            {
                return folder.FullName;
            }
        }

        return null;
    }

    private static string SourceFolder([CallerFilePath] string path = "") =>
        Directory.Exists(Path.GetDirectoryName(path)) ? Path.GetDirectoryName(path)! : AppContext.BaseDirectory;
}
