using System.Security.Cryptography;
using System.Text;

namespace SkPeft.Plugins;

/// <summary>
/// A plugin's folder as it was at one moment, in memory: no file is locked, and a folder that changes while it is being loaded cannot mix two versions.
/// </summary>
internal sealed class PluginFiles
{
    private PluginFiles(string folder, IReadOnlyList<AssemblyFile> assemblies, byte[]? symbols)
    {
        Folder = folder;
        Name = NameOf(folder);
        Assemblies = assemblies;
        Main = assemblies.Single(a => string.Equals(a.SimpleName, Name, StringComparison.OrdinalIgnoreCase));
        Symbols = symbols;
        Fingerprint = FingerprintOf(assemblies);
    }

    public string Folder { get; }

    /// <summary>The folder's name, which is the plugin's.</summary>
    public string Name { get; }

    public AssemblyFile Main { get; }

    /// <summary>The main assembly and its private dependencies.</summary>
    public IReadOnlyList<AssemblyFile> Assemblies { get; }

    /// <summary>The main assembly's symbols, for stack traces.</summary>
    public byte[]? Symbols { get; }

    /// <summary>Changes when any assembly of the plugin does.</summary>
    public string Fingerprint { get; }

    public static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));

    public static string MainPath(string folder) => Path.Combine(folder, NameOf(folder) + ".dll");

    /// <summary>Reads the folder; null where no assembly is in it (any more).</summary>
    /// <exception cref="PluginRefusal">It cannot be read, is too large, or has no main assembly.</exception>
    public static PluginFiles? Read(string folder, long maxBytes)
    {
        try
        {
            FileInfo[] files = AssembliesIn(folder);
            if (files.Length == 0)
            {
                return null;
            }

            string main = NameOf(folder) + ".dll";
            if (!files.Any(f => string.Equals(f.Name, main, StringComparison.OrdinalIgnoreCase)))
            {
                throw new PluginRefusal($"the folder holds {Some(files)} but no {main}; a plugin's assembly has the name of its folder.");
            }

            long total = files.Sum(f => f.Length);
            if (total > maxBytes)
            {
                throw new PluginRefusal($"its assemblies have {total} bytes together, at most {maxBytes} are accepted (MaxPluginBytes).");
            }

            List<AssemblyFile> assemblies = [];
            foreach (FileInfo file in files)
            {
                assemblies.Add(new AssemblyFile(file.Name, ReadShared(file.FullName, maxBytes)));
            }

            string symbols = Path.ChangeExtension(MainPath(folder), ".pdb");
            return new PluginFiles(folder, assemblies, File.Exists(symbols) ? ReadShared(symbols, maxBytes) : null);
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PluginRefusal($"it cannot be read: {e.Message}");
        }
    }

    /// <summary>
    /// The assemblies that lie in the folder itself, by name. Files that editors and copy tools leave for a moment do not end in .dll, or begin with a dot.
    /// </summary>
    public static FileInfo[] AssembliesIn(string folder) =>
    [
        .. new DirectoryInfo(folder).EnumerateFiles()
            .Where(f => IsAssemblyName(f.Name))
            .OrderBy(f => f.Name, StringComparer.Ordinal),
    ];

    public static bool IsAssemblyName(string fileName) =>
        fileName.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && fileName[0] is not ('.' or '~' or '#');

    private static string Some(FileInfo[] files) =>
        string.Join(", ", files.Take(3).Select(f => f.Name)) + (files.Length > 3 ? $" and {files.Length - 3} more" : "");

    private static byte[] ReadShared(string path, long maxBytes)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > maxBytes)
        {
            throw new PluginRefusal($"{Path.GetFileName(path)} has {file.Length} bytes, at most {maxBytes} are accepted (MaxPluginBytes).");
        }

        byte[] bytes = new byte[file.Length];
        int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    private static string FingerprintOf(IReadOnlyList<AssemblyFile> assemblies)
    {
        string all = string.Join('\n', assemblies.Select(a => $"{a.FileName} {a.Bytes.Length} {a.Sha256}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)));
    }
}

/// <summary>An assembly's file in memory.</summary>
internal sealed class AssemblyFile(string fileName, byte[] bytes)
{
    public string FileName { get; } = fileName;

    public string SimpleName => Path.GetFileNameWithoutExtension(FileName);

    public byte[] Bytes { get; } = bytes;

    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(bytes));
}
