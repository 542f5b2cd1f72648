using SkPeft.Http.Errors;

namespace SkPeft.Http.Lora;

/// <summary>The folders that a client may load modules from.</summary>
internal sealed class LoraFolders(IReadOnlyList<string> folders)
{
    public bool IsOff => folders.Count == 0;

    /// <summary>The folder that a client means, as a full path.</summary>
    /// <exception cref="ApiException">It lies elsewhere, or is not there.</exception>
    public string Resolve(string path)
    {
        // Links are followed first: what counts is where the files are.
        string full = Real(path) ?? throw ApiException.NotFound($"lora_path: there is no folder '{path}' on this server.", "adapter_not_found", "lora_path");
        bool isInside = folders.Select(Real).Any(root => root is not null && full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal));
        return isInside
            ? full
            : throw ApiException.Forbidden($"lora_path: '{path}' lies outside of the folders that this server loads from (LoraFolders).", "path_not_allowed", "lora_path");
    }

    /// <summary>Where a folder is once links are followed; null where it is none.</summary>
    public static string? Real(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal) || !Path.IsPathFullyQualified(path))
        {
            return null;
        }

        string real = Path.GetPathRoot(path)!;
        foreach (string part in Path.GetRelativePath(real, Path.GetFullPath(path)).Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(p => p != "."))
        {
            DirectoryInfo folder = new(Path.Combine(real, part));
            if (!folder.Exists)
            {
                return null;
            }

            real = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
        }

        return Path.TrimEndingDirectorySeparator(real);
    }
}
