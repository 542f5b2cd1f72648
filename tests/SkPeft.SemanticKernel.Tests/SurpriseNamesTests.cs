namespace SkPeft.SemanticKernel.Tests;

public sealed class SurpriseNamesTests
{
    [Fact]
    public void EverySurprise_HasItsTest()
    {
        IEnumerable<string> tests = typeof(SurpriseNames).Assembly.GetTypes().SelectMany(t => t.GetMethods())
            .Where(m => m.Name.StartsWith("Surprise", StringComparison.Ordinal) && m.GetCustomAttributes(typeof(FactAttribute), true).Length > 0).Select(m => m.Name);

        tests.Order(StringComparer.Ordinal).ShouldBe(SurpriseNames.All.Select(r => r.Data));
    }
}
