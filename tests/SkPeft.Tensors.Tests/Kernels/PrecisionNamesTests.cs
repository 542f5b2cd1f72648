using SkPeft.Tensors.Kernels;

namespace SkPeft.Tensors.Tests.Kernels;

public sealed class PrecisionNamesTests
{
    [Fact]
    public void Read_EveryPrecisionInAnyCase_IsFoundAndExpected()
    {
        foreach (Precision precision in Enum.GetValues<Precision>())
        {
            string name = precision.ToString().ToLowerInvariant();
            PrecisionNames.Read(name).ShouldBe(precision);
            PrecisionNames.Read(precision.ToString()).ShouldBe(precision);
            PrecisionNames.Expected.ShouldContain(name);
            PrecisionNames.Meaning.ShouldContain($"{name}:");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("half")]
    [InlineData("fast,int8")]
    public void Read_AnythingElse_IsNull(string name) => PrecisionNames.Read(name).ShouldBeNull();
}
