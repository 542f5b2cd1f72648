using System.Text.Json;
using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Golden;

internal static class GoldenFiles
{
    public static Dictionary<string, Tensor> Expected(params string[] folder)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(SharedFolder.PathOf([.. folder]), "expected.safetensors"));
        return ReferenceLlama.TensorsOf(file);
    }

    /// <summary>The task that the golden logits are of: task 1, where the adapter has several.</summary>
    public static int? Task(string adapterFolder) =>
        AdapterFolder.Open(adapterFolder).Config.TryGetProperty("num_tasks", out JsonElement tasks) && tasks.GetInt32() > 1 ? 1 : null;

    public static float LargestDifference(Tensor actual, Tensor expected)
    {
        actual.ShapeText.ShouldBe(expected.ShapeText);
        float largest = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(actual.Data[i] - expected.Data[i]));
        }

        return largest;
    }
}
