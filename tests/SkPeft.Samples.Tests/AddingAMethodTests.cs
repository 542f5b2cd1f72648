using SkPeft.Testing;

namespace SkPeft.Samples.Tests;

/// <summary>docs/adding-a-peft-method.md shows the sample as it is.</summary>
public sealed class AddingAMethodTests
{
    private static readonly string s_sample = Read("samples", "CustomMethod", "HeadGateMethod.cs");

    [Fact]
    public void Guide_EveryBlockOfCode_IsAPieceOfTheSample()
    {
        string[] parts = Read("docs", "adding-a-peft-method.md").Split("```");
        string[] blocks = [.. parts.Where((part, index) => index % 2 == 1 && part.StartsWith("csharp\n", StringComparison.Ordinal)).Select(part => part["csharp\n".Length..])];

        blocks.Length.ShouldBeGreaterThan(3);
        foreach (string block in blocks)
        {
            s_sample.ShouldContain(block);
        }
    }

    [Fact]
    public void Sample_AMethodOfTheReadersOwn_HasUnderAHundredLines() => s_sample.Split('\n').Length.ShouldBeLessThan(100);

    [Fact]
    public void Guide_TableOfEffects_HasEveryEffectOfTheContract()
    {
        string guide = Read("docs", "adding-a-peft-method.md");

        foreach (Type effect in typeof(Effect).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(Effect)) && t != typeof(LinearEffect)))
        {
            guide.ShouldContain($"| `{effect.Name}` |");
        }
    }

    private static string Read(params string[] path) =>
        File.ReadAllText(Path.Combine([SharedFolder.RepositoryRoot, .. path])).ReplaceLineEndings("\n");
}
