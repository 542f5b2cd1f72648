using SkPeft.Engine.Models;

namespace SkPeft.Engine.Tests.Models;

public sealed class StoredRopePrecisionTests
{
    [Theory]
    [InlineData("bfloat16", 0.10009765625)]
    [InlineData("float16", 0.0999755859375)]
    [InlineData("float32", 0.1)]
    [InlineData(null, 0.1)]
    public void Apply_ShortContext_RoundsToTheStoredType(string? type, double expected)
    {
        double[] frequencies = [1.0, 0.1];

        StoredRopePrecision.Apply(frequencies, type, positions: 512);

        frequencies[0].ShouldBe(1.0);
        frequencies[1].ShouldBe((float)expected, 1e-8);
    }

    [Fact]
    public void Apply_ContextWhereRoundingWouldTurnPositionsByARadian_ChangesNothing()
    {
        double[] frequencies = [1.0, 0.1];

        StoredRopePrecision.Apply(frequencies, "bfloat16", positions: 131_072);

        frequencies.ShouldBe([1.0, 0.1]);
    }
}
