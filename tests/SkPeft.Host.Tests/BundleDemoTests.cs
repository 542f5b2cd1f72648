using System.Text;
using SkPeft.Connectors.Bundles;
using SkPeft.Host.Demo;
using SkPeft.Host.Output;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

/// <summary>The demo of a model that brings its skills, on a random one.</summary>
public sealed class BundleDemoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Demo_ShowsSkillsBesideTheBareModel_AMistakeAndItsWayBack_AndAReplacedPlugin()
    {
        TinyBundle.Write(_folder.Root);
        using MemoryStream output = new();
        using StringWriter error = new();
        using ToolConsole console = ToolConsole.Of(output, error, TextReader.Null);

        await BundleDemo.RunAsync(console, ModelBundle.Open(_folder.Root), TestContext.Current.CancellationToken);

        string text = Encoding.UTF8.GetString(output.ToArray());
        string[][] cells = DemoRows.Of(text);
        cells.Select(c => c[2]).ShouldBe(["tell@1", "base", "tell@1", "mood@1", "base", "mood@2", "mood@1", "mood@1"]);
        cells.Select(c => c[8]).ShouldBe(["1", "", "1", "1", "", "1", "1", "2"]);

        // The second version is the other skill's adapter, byte for byte; the way back and the new plugin change nothing in the answer.
        cells[5][5].ShouldBe(cells[0][5]);
        string[] moods = [.. text.Split('\n').Where(l => l.Contains("[mood@1, LORA] -> ", StringComparison.Ordinal))];
        moods.Length.ShouldBe(3);
        moods.Distinct().ShouldHaveSingleItem().ShouldContain("%");
        text.ShouldContain("promoted by mistake: mood@prod named version 1, names 2 now, which is the adapter of 'tell'");
        text.ShouldContain("rolled back: mood@prod names version 1 again");
        text.ShouldContain("was unloaded");
    }
}
