namespace SkPeft.SemanticKernel.Tests;

/// <summary>In place of the tests where Semantic Kernel's packages are not given.</summary>
public sealed class WithoutKernelTests
{
    [Theory]
    [MemberData(nameof(SurpriseNames.All), MemberType = typeof(SurpriseNames))]
    public void Surprise(string name) =>
        Assert.Skip($"{name}: SK_FEED is not set. It names the feed with Semantic Kernel's packages, a folder or an address, or 'default' where they restore as all others do.");
}
