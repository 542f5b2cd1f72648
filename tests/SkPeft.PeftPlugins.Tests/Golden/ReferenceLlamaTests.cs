using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Golden;

/// <summary>The yardstick itself is checked, before anything is measured with it.</summary>
public sealed class ReferenceLlamaTests
{
    public static TheoryData<string> Bases => [.. SharedFolder.FoldersIn("golden", "tiny", "bases").DefaultIfEmpty("")];

    [Theory]
    [MemberData(nameof(Bases))]
    public void Logits_EveryTinyBase_EqualTheReference(string name)
    {
        ReferenceLlama model = ReferenceLlama.Open(SharedFolder.PathOf("golden", "tiny", "bases", name));
        Dictionary<string, Tensor> expected = GoldenFiles.Expected("golden", "tiny", "bases", name);
        TinyInputs inputs = TinyInputs.Read();
        for (int i = 0; i < inputs.Prompts.Length; i++)
        {
            Tensor logits = model.Logits(inputs.Prompts[i], inputs.InstructionLengths[i], []);
            GoldenFiles.LargestDifference(logits, expected[$"logits.{i}"]).ShouldBeLessThan(1e-4f, $"prompt {i}");
        }
    }
}
