using System.Xml.Linq;
using SkPeft.Testing;

namespace SkPeft.Architecture.Tests;

/// <summary>A project file of the tree, as it is written (imports are not followed).</summary>
internal sealed class SourceProject
{
    private static readonly string[] s_skipped = ["artifacts", "bin", "obj", "node_modules"];
    private readonly XDocument _xml;

    private SourceProject(string file)
    {
        File = file;
        _xml = XDocument.Load(file);
    }

    /// <summary>The full path.</summary>
    public string File { get; }

    /// <summary>The path from the repository's root, with forward slashes.</summary>
    public string RelativePath => Path.GetRelativePath(SharedFolder.RepositoryRoot, File).Replace('\\', '/');

    /// <summary>The first folder of <see cref="RelativePath"/>.</summary>
    public string TopFolder => RelativePath.Split('/')[0];

    /// <summary>The file's name without its extension.</summary>
    public string Name => Path.GetFileNameWithoutExtension(File);

    /// <summary>Whether it belongs to Semantic Kernel's solution, which needs packages that not every feed has.</summary>
    public bool IsOfKernel => RelativePath.Contains("SemanticKernel", StringComparison.Ordinal);

    /// <summary>The packages as written: the element, its attributes and metadata.</summary>
    public IEnumerable<XElement> Packages => _xml.Descendants().Where(e => e.Name.LocalName == "PackageReference");

    /// <summary>Referenced projects: the paths as written and whether their assembly is compiled against.</summary>
    public IEnumerable<(string Path, bool Compiled)> References =>
        from element in _xml.Descendants()
        where element.Name.LocalName == "ProjectReference" && element.Attribute("Include") is not null
        from path in element.Attribute("Include")!.Value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        select (path.Replace('\\', '/'), !string.Equals(element.Attribute("ReferenceOutputAssembly")?.Value, "false", StringComparison.OrdinalIgnoreCase));

    /// <summary>Every project of the tree, in the order of their paths.</summary>
    public static IReadOnlyList<SourceProject> All() =>
        [.. FilesUnder(new DirectoryInfo(SharedFolder.RepositoryRoot)).Select(f => new SourceProject(f)).OrderBy(p => p.RelativePath, StringComparer.Ordinal)];

    private static IEnumerable<string> FilesUnder(DirectoryInfo folder) =>
        folder.EnumerateFiles("*.csproj").Select(f => f.FullName).Concat(folder.EnumerateDirectories()
            .Where(d => d.LinkTarget is null && !d.Name.StartsWith('.') && !s_skipped.Contains(d.Name, StringComparer.Ordinal))
            .SelectMany(FilesUnder));
}
