namespace SkPeft.SemanticKernel.Tests;

/// <summary>Runs without Semantic Kernel too.</summary>
public sealed class SurpriseCountTests
{
    [Fact]
    public void Names_AreSixteen_NumberedInOrder() =>
        SurpriseNames.All.Select(r => r.Data[.."Surprise01".Length]).ShouldBe(Enumerable.Range(1, 16).Select(i => $"Surprise{i:00}"));
}
