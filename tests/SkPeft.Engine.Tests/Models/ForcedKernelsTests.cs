using SkPeft.Engine.Tests.Generation;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models;

/// <summary>Changes the environment of the whole process, and therefore runs when no other test does.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class EnvironmentGroup;

[Collection(typeof(EnvironmentGroup))]
public sealed class ForcedKernelsTests
{
    [Fact]
    public void SkpeftForceKernels_ThatNamesNoSet_IsRefused_WithTheSetsThatThereAre()
    {
        using TemporaryFolder folder = new();
        HfModelFolder.Write(ReferenceLlama.Random(SmallEngine.Sizes(), 12), folder.Root);
        string? before = Environment.GetEnvironmentVariable(InstructionSets.Variable);
        try
        {
            Environment.SetEnvironmentVariable(InstructionSets.Variable, "Sse9");
            InvalidOptionException error = Should.Throw<InvalidOptionException>(() => LanguageModel.Open(folder.Root));
            error.Option.ShouldBe(InstructionSets.Variable);
            error.Message.ShouldContain("'Sse9'");
            error.Message.ShouldContain("Vector128");
            using LanguageModel forced = LanguageModel.Open(folder.Root, new LanguageModelOptions { InstructionSet = InstructionSet.Vector128, Threads = 1 });
            forced.Options.InstructionSet.ShouldBe(InstructionSet.Vector128);
        }
        finally
        {
            Environment.SetEnvironmentVariable(InstructionSets.Variable, before);
        }
    }
}
