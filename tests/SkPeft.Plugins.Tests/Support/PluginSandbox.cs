namespace SkPeft.Plugins.Tests;

/// <summary>A plugin folder of a test's own, deleted afterwards.</summary>
internal sealed class PluginSandbox : IDisposable
{
    public const string Shout = "TestPlugin.Shout";

    public string Root { get; } = Directory.CreateTempSubdirectory("skpeft-plugins-").FullName;

    public string FolderOf(string name) => Path.Combine(Root, name);

    public string MainOf(string name) => Path.Combine(Root, name, name + ".dll");

    /// <summary>Puts a built plugin there with its dependencies, each file in one step, as a careful copy tool does; returns its main file.</summary>
    public string Put(string project, string? intoFolder = null) => PutFile(TestPlugins.PathOf(project), intoFolder);

    public string PutFile(string main, string? intoFolder = null)
    {
        string folder = Directory.CreateDirectory(FolderOf(intoFolder ?? Path.GetFileNameWithoutExtension(main))).FullName;
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(main)!, "*.dll").OrderBy(f => f == main))
        {
            Write(Path.Combine(folder, Path.GetFileName(file)), File.ReadAllBytes(file));
        }

        return Path.Combine(folder, Path.GetFileName(main));
    }

    /// <summary>Writes beside the target and renames over it.</summary>
    public static void Write(string path, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = path + ".tmp";
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, path, overwrite: true);
    }

    public PluginOptions Options => new() { Folders = [Root] };

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
