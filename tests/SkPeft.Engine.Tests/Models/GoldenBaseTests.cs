using System.Text.Json;
using SkPeft.Tensors.Formats;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models;

/// <summary>The twelve small bases of golden/tiny: every sentence of configuration that the engine claims, against the reference's logits.</summary>
public sealed class GoldenBaseTests
{
    private const float Tolerance = 1e-4f;

    public static TheoryData<string> Bases => [.. SharedFolder.FoldersIn("golden", "tiny", "bases").DefaultIfEmpty("")];

    [Theory]
    [MemberData(nameof(Bases))]
    public async Task Logits_EqualTheReference(string name)
    {
        string folder = SharedFolder.PathOf("golden", "tiny", "bases", name);
        using LanguageModel model = LanguageModel.Open(folder, new LanguageModelOptions { Precision = Precision.Exact, Threads = 2 });
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(folder, "expected.safetensors"));
        using JsonDocument inputs = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("golden", "tiny", "inputs.json")));
        int[][] prompts = inputs.RootElement.GetProperty("prompts").Deserialize<int[][]>()!;
        for (int i = 0; i < prompts.Length; i++)
        {
            StoredTensor reference = expected.Tensors[$"logits.{i}"];
            int vocabulary = (int)reference.ColumnCount;
            int from = prompts[i].Length - (int)reference.RowCount;
            float[] row = new float[vocabulary];
            float worst = 0;
            int seen = 0;
            await model.Engine.VisitLogitsAsync(prompts[i], null, from, (index, logits) =>
            {
                reference.DequantizeRow(index - from, row);
                seen++;
                for (int k = 0; k < vocabulary; k++)
                {
                    worst = MathF.Max(worst, MathF.Abs(logits[k] - row[k]));
                }
            }, cancellationToken: TestContext.Current.CancellationToken);
            seen.ShouldBe((int)reference.RowCount);
            worst.ShouldBeLessThan(Tolerance, $"prompt {i}");
        }
    }
}
