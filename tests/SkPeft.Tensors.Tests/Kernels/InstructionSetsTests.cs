using SkPeft.Tensors.Kernels;

namespace SkPeft.Tensors.Tests.Kernels;

public sealed class InstructionSetsTests
{
    [Theory]
    [InlineData("avx512f")]
    [InlineData("2")]
    [InlineData("-1")]
    [InlineData("Avx2,Avx512")]
    public void Select_UnknownName_ListsWhatThereIs(string name)
    {
        string? before = Environment.GetEnvironmentVariable(InstructionSets.Variable);
        try
        {
            Environment.SetEnvironmentVariable(InstructionSets.Variable, name);
            InvalidOptionException error = Should.Throw<InvalidOptionException>(() => InstructionSets.Select());
            error.Option.ShouldBe(InstructionSets.Variable);
            error.Message.ShouldContain(name);
            error.Message.ShouldContain("Vector128");
        }
        finally
        {
            Environment.SetEnvironmentVariable(InstructionSets.Variable, before);
        }
    }

    [Fact]
    public void Supported_AlwaysStartsWithThePortableSet() => InstructionSets.Supported[0].ShouldBe(InstructionSet.Vector128);
}
