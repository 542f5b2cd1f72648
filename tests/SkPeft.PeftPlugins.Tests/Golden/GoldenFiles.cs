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
