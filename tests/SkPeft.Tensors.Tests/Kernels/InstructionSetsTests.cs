using SkPeft.Tensors.Kernels;

namespace SkPeft.Tensors.Tests.Kernels;

public sealed class InstructionSetsTests
{
    // By the argument: a variable of the process would be seen by the tests that run beside this one.
    [Theory]
    [InlineData("avx512f")]
    [InlineData("2")]
    [InlineData("-1")]
    [InlineData("Avx2,Avx512")]
    public void Select_UnknownName_ListsWhatThereIs(string name)
    {
        InvalidOptionException error = Should.Throw<InvalidOptionException>(() => InstructionSets.Named(name));
        error.Option.ShouldBe(InstructionSets.Variable);
        error.Message.ShouldContain(name);
        error.Message.ShouldContain("Vector128");
    }

    [Fact]
    public void Named_AnySupportedSet_IsChosen_AndWithoutANameTheFastest()
    {
        InstructionSets.Supported.ShouldAllBe(set => InstructionSets.Named(set.ToString().ToLowerInvariant()) == set);
        InstructionSets.Named("").ShouldBe(InstructionSets.Supported[^1]);
    }

    [Fact]
    public void Supported_AlwaysStartsWithThePortableSet() => InstructionSets.Supported[0].ShouldBe(InstructionSet.Vector128);
}
