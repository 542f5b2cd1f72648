using System.Xml.Linq;
using SkPeft.Testing;

namespace SkPeft.Architecture.Tests;

public class TreeTests
{
    [Theory]
    [InlineData("SkPeft.sln", false)]
    [InlineData("SkPeft.SemanticKernel.sln", true)]
    public void Solution_ListsEveryProjectOfTheTree_AndNoOther(string solution, bool isOfKernel)
    {
        string[] listed =
        [
            .. File.ReadLines(Path.Combine(SharedFolder.RepositoryRoot, solution))
                .Where(line => line.StartsWith("Project(", StringComparison.Ordinal) && line.Contains(".csproj", StringComparison.Ordinal))
                .Select(line => line.Split('"')[5].Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
        ];

        listed.ShouldBe(SourceProject.All().Where(p => p.IsOfKernel == isOfKernel).Select(p => p.RelativePath), $"dotnet sln {solution} add <project>, or remove <project>");
    }

    [Fact]
    public void Packages_HaveTheirVersionsInOnePlace()
    {
        XDocument central = XDocument.Load(Path.Combine(SharedFolder.RepositoryRoot, "Directory.Packages.props"));
        Dictionary<string, string> versions = central.Descendants("PackageVersion")
            .ToDictionary(e => e.Attribute("Include")!.Value, e => e.Attribute("Version")!.Value, StringComparer.OrdinalIgnoreCase);

        versions.Values.Where(v => v.Contains('*') || v.Contains('[') || v.Contains(',')).ShouldBeEmpty("versions are exact");
        foreach (SourceProject project in SourceProject.All())
        {
            foreach (XElement package in project.Packages)
            {
                string name = (package.Attribute("Include") ?? package.Attribute("Update"))!.Value;
                versions.ShouldContainKey(name, $"{project.RelativePath}: no version in Directory.Packages.props");
                string[] own = ["Version", "VersionOverride"];
                own.Where(n => package.Attribute(n) is not null || package.Elements().Any(e => e.Name.LocalName == n))
                    .ShouldBeEmpty($"{project.RelativePath}: {name} has a version of its own");
            }
        }
    }

    [Fact]
    public void MethodFolders_HoldAProjectAReadmeAndTests()
    {
        string root = Path.Combine(SharedFolder.RepositoryRoot, "PeftPlugins");
        foreach (string folder in Directory.GetDirectories(root).Where(d => Directory.EnumerateFileSystemEntries(d).Any()))
        {
            string project = Directory.GetFiles(folder, "*.csproj").ShouldHaveSingleItem(folder);
            Path.GetFileName(project).ShouldBe($"SkPeft.Peft.{Path.GetFileName(folder)}.csproj");
            new FileInfo(Path.Combine(folder, "README.md")).Exists.ShouldBeTrue($"{folder}/README.md");
            string tests = Path.Combine(folder, "Tests");
            Directory.Exists(tests).ShouldBeTrue($"{folder}/Tests");
            Directory.GetFiles(tests, "*.cs", SearchOption.AllDirectories).ShouldNotBeEmpty($"{folder}/Tests");
        }
    }
}
