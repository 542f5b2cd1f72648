namespace SkPeft.Host.Demo;

/// <summary>A temporary folder for everything that the demo makes; gone at its end.</summary>
internal sealed class DemoFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("skpeft-demo-").FullName;

    public string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Copies the plugins of the tool, so that one of them can be replaced without touching the tool.</summary>
    public string CopyPlugins(string from)
    {
        string to = PathOf("plugins");
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return to;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder in the temporary files is the system's to clean.
        }
    }
}
