namespace SkPeft.Adapters.Store;

/// <summary>
/// The files of an adapter's folder, sub-folders included, sorted by path. Links, pipes and devices are refused: a link could bring in a
/// file that the folder's author never had. <c>.git</c> and <c>.cache</c> at the top are the downloader's own and are left out.
/// </summary>
internal sealed class FolderListing
{
    private const int MostFiles = 10_000, MostDepth = 16;
    private static readonly string[] s_leftOut = [".git", ".cache"];
    private static readonly EnumerationOptions s_everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    private readonly List<FolderFile> _files = [];
    private readonly List<string> _leftOut = [];

    private FolderListing(string root) => Root = root;

    public string Root { get; }

    public IReadOnlyList<FolderFile> Files => _files;

    public IReadOnlyList<string> LeftOut => _leftOut;

    public FolderFile? Find(string path) => _files.Find(f => f.Path == path);

    public static FolderListing Read(string folder)
    {
        string root = Path.GetFullPath(folder);
        if (!Directory.Exists(root))
        {
            throw new FileFormatException(folder, "adapter folder", File.Exists(root) ? "a file" : "nothing",
                $"a folder with {AdapterFolder.ConfigName} and {AdapterFolder.WeightsName}");
        }

        var listing = new FolderListing(root);
        try
        {
            listing.Walk(new DirectoryInfo(root), "", 0);
        }
        catch (Exception e) when (StoreFailure.Is(e))
        {
            throw new StoreException($"The folder '{folder}' cannot be read: {e.Message} Check its permissions.", e);
        }

        listing._files.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return listing;
    }

    private void Walk(DirectoryInfo folder, string prefix, int depth)
    {
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos("*", s_everything))
        {
            string path = prefix + entry.Name;
            CheckEntry(entry, path);
            if (entry is not DirectoryInfo inner)
            {
                _files.Add(new FolderFile(path, entry.FullName));
            }
            else if (depth == 0 && s_leftOut.Contains(entry.Name))
            {
                _leftOut.Add(path + "/");
            }
            else
            {
                Walk(inner, path + "/", depth + 1);
            }

            if (_files.Count > MostFiles || depth > MostDepth)
            {
                throw new FileFormatException(Root, "adapter folder", $"more than {MostFiles} files or {MostDepth} levels of folders",
                    "one adapter's folder; is this the folder that you meant?");
            }
        }
    }

    private void CheckEntry(FileSystemInfo entry, string path)
    {
        if (entry.LinkTarget is { } target)
        {
            throw new FileFormatException(Root, path, $"a symbolic link to '{target}'",
                "a plain file; copy the folder with its links resolved ('cp -rL FOLDER COPY') and add the copy");
        }

        if (entry is FileInfo && !Posix.IsPlainFile(entry.FullName))
        {
            throw new FileFormatException(Root, path, "a pipe, socket or device", "a plain file");
        }

        if (path.Contains('\\') || path.Contains('\uFFFD') || path.Any(char.IsControl))
        {
            throw new FileFormatException(Root, $"file name '{path}'", "control characters, a backslash or invalid UTF-8",
                "a name that every file system can hold; rename it");
        }
    }
}
