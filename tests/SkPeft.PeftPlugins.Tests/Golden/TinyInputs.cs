using System.Text.Json;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Golden;

/// <summary>The prompts of <c>golden/tiny/inputs.json</c>.</summary>
internal sealed record TinyInputs(int[][] Prompts, int[] InstructionLengths)
{
    public static TinyInputs Read()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("golden", "tiny", "inputs.json")));
        return new TinyInputs(
            document.RootElement.GetProperty("prompts").Deserialize<int[][]>()!,
            document.RootElement.GetProperty("prompt_len").Deserialize<int[]>()!);
    }
}
