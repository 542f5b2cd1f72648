using System.Text.Json;
using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models;

/// <summary>The logits of a base of golden/tiny.</summary>
internal static class GoldenLogits
{
    /// <summary>The largest difference between a model's logits and the reference's, over all prompts.</summary>
    public static async Task<float> WorstDifferenceAsync(LanguageModel model, string baseName) => (await CompareAsync(model, baseName)).Worst;

    /// <summary>The largest difference, and ‖difference‖ / ‖reference‖.</summary>
    public static async Task<(float Worst, double Share)> CompareAsync(LanguageModel model, string baseName)
    {
        using SafetensorsFile expected = SafetensorsFile.Open(SharedFolder.PathOf("golden", "tiny", "bases", baseName, "expected.safetensors"));
        using JsonDocument inputs = JsonDocument.Parse(File.ReadAllText(SharedFolder.PathOf("golden", "tiny", "inputs.json")));
        int[][] prompts = inputs.RootElement.GetProperty("prompts").Deserialize<int[][]>()!;
        float worst = 0;
        double squares = 0, all = 0;
        for (int i = 0; i < prompts.Length; i++)
        {
            StoredTensor reference = expected.Tensors[$"logits.{i}"];
            int from = prompts[i].Length - (int)reference.RowCount;
            float[] row = new float[reference.ColumnCount];
            int seen = 0;
            await model.Engine.VisitLogitsAsync(prompts[i], null, from, (index, logits) =>
            {
                reference.DequantizeRow(index - from, row);
                seen++;
                for (int k = 0; k < row.Length; k++)
                {
                    float difference = logits[k] - row[k];
                    worst = MathF.Max(worst, MathF.Abs(difference));
                    squares += difference * difference;
                    all += row[k] * row[k];
                }
            }, cancellationToken: TestContext.Current.CancellationToken);
            seen.ShouldBe((int)reference.RowCount);
        }

        return (worst, Math.Sqrt(squares / all));
    }
}
