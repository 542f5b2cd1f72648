using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using SkPeft.Testing;

namespace SkPeft.Architecture.Tests;

public class ReferenceDirectionTests
{
    [Fact]
    public void ProjectFiles_ReferenceOnlyWhatTheTableAllows()
    {
        List<string> wrong = [];
        foreach (SourceProject project in SourceProject.All())
        {
            IReadOnlyList<string>? allowed = ReferenceRules.AllowedFor(project);
            if (allowed is null)
            {
                wrong.Add($"{project.RelativePath} has no rule: add one to {nameof(ReferenceRules)}");
                continue;
            }

            wrong.AddRange(project.References
                .Where(r => r.Compiled && !IsPlugin(r.Path) && !(project.TopFolder == "tests" && IsTestHelper(project, r.Path)))
                .Select(r => Path.GetFileNameWithoutExtension(r.Path))
                .Where(name => !allowed.Contains(name))
                .Select(name => $"{project.RelativePath} references {name}; allowed: {string.Join(", ", allowed)}"));
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void ProjectFiles_NoneCompilesAgainstAPlugin()
    {
        IEnumerable<string> wrong =
            from project in SourceProject.All()
            where !ReferenceRules.MayReferencePlugins(project)
            from reference in project.References
            where reference.Compiled && IsPlugin(reference.Path)
            select $"{project.RelativePath} references {reference.Path}: plugins are found in folders at run time";

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void BuiltLibraries_ReferenceOnlyWhatTheTableAllows()
    {
        // Project files may reach further through transitive references; the compiler's own list is what counts.
        Dictionary<string, SourceProject> projects = SourceProject.All().ToDictionary(p => p.Name, StringComparer.Ordinal);
        foreach (string library in ReferenceRules.Libraries)
        {
            IReadOnlyList<string> allowed = ReferenceRules.AllowedFor(projects[library])!;
            OursIn(Path.Combine(AppContext.BaseDirectory, library + ".dll"))
                .Except(allowed, StringComparer.Ordinal)
                .ShouldBeEmpty($"{library} may reference {string.Join(", ", allowed)}");
        }
    }

    [Fact]
    public void BuiltTool_ReferencesNoPlugin() =>
        OursIn(Path.Combine(AppContext.BaseDirectory, "skpeft.dll")).Except(ReferenceRules.Libraries, StringComparer.Ordinal).ShouldBeEmpty();

    [Fact]
    public void DeployedPlugins_ReferenceOnlyTheContractAndTensors_AndBringNoCopyOfThem()
    {
        string[] contract = ["SkPeft.Abstractions", "SkPeft.Tensors"];
        int methods = SourceProject.All().Count(p => p.TopFolder == "PeftPlugins");
        string folder = Path.Combine(AppContext.BaseDirectory, "plugins");
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.dll", SearchOption.AllDirectories) : [];

        files.Count(f => Path.GetFileNameWithoutExtension(f) == Path.GetFileName(Path.GetDirectoryName(f))).ShouldBe(methods);
        files.Where(f => contract.Contains(Path.GetFileNameWithoutExtension(f))).ShouldBeEmpty();
        foreach (string file in files.Where(f => Path.GetFileName(f).StartsWith("SkPeft.", StringComparison.Ordinal)))
        {
            OursIn(file).Except(contract, StringComparer.Ordinal).ShouldBeEmpty(file);
        }
    }

    private static bool IsPlugin(string path) => path.Contains("PeftPlugins/", StringComparison.Ordinal);

    private static bool IsTestHelper(SourceProject project, string path) =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(project.File)!, path))
            .StartsWith(Path.Combine(SharedFolder.RepositoryRoot, "tests") + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The assemblies of ours that a built file references; read from metadata, so that nothing is loaded.</summary>
    private static IEnumerable<string> OursIn(string file)
    {
        using PEReader pe = new(new MemoryStream(File.ReadAllBytes(file)));
        MetadataReader metadata = pe.GetMetadataReader();
        return [.. metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .Where(name => name.StartsWith("SkPeft.", StringComparison.Ordinal) || name == "skpeft")];
    }
}
