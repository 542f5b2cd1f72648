namespace SkPeft.Adapters.Store;

internal static class Nesting
{
    /// <summary>True where <paramref name="inner"/> is <paramref name="outer"/> or lies in it. Links on the way are followed where they exist.</summary>
    public static bool IsWithin(string inner, string outer)
    {
        string relative = Path.GetRelativePath(Real(outer), Real(inner));
        return relative == "." || !(relative == ".." || relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || Path.IsPathRooted(relative));
    }

    private static string Real(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string? parent = Path.GetDirectoryName(full);
        if (parent is null)
        {
            return full;
        }

        var here = new DirectoryInfo(Path.Combine(Real(parent), Path.GetFileName(full)));
        return here.Exists && here.LinkTarget is not null ? here.ResolveLinkTarget(returnFinalTarget: true)!.FullName : here.FullName;
    }
}
