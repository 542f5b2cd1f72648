using SkPeft.Tensors.Kernels;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models;

/// <summary>The twelve small bases of golden/tiny: every sentence of configuration that the engine claims, against the reference's logits.</summary>
public sealed class GoldenBaseTests
{
    private const float Tolerance = 1e-4f;

    public static TheoryData<string> Bases => [.. SharedFolder.FoldersIn("golden", "tiny", "bases").DefaultIfEmpty("")];

    [Theory]
    [MemberData(nameof(Bases))]
    public async Task Logits_EqualTheReference(string name)
    {
        string folder = SharedFolder.PathOf("golden", "tiny", "bases", name);
        using LanguageModel model = LanguageModel.Open(folder, new LanguageModelOptions { Precision = Precision.Exact, Threads = 2 });

        (await GoldenLogits.WorstDifferenceAsync(model, name)).ShouldBeLessThan(Tolerance);
    }
}
