using SkPeft.Tensors.Formats;
using SkPeft.Testing;

namespace SkPeft.Host.Tests;

/// <summary>Runs <c>skpeft logits</c> over the prompts of golden/tiny and compares what it wrote.</summary>
internal static class GoldenLogits
{
    /// <summary>The largest difference from the reference.</summary>
    /// <param name="reference">The folder of the reference's <c>expected.safetensors</c>.</param>
    /// <param name="output">A file that the command may write.</param>
    /// <param name="args">Model and options.</param>
    public static async Task<float> WorstDifferenceAsync(string reference, string output, params string[] args)
    {
        ToolRun run = await ToolRun.OfAsync(["logits", .. args, "--inputs", SharedFolder.PathOf("golden", "tiny", "inputs.json"), "--out", output]);
        run.Code.ShouldBe(0, run.Error);
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(reference, "expected.safetensors"));
        using SafetensorsFile found = SafetensorsFile.Open(output);
        return expected.Tensors.Where(t => t.Key.StartsWith("logits.", StringComparison.Ordinal)).Max(t =>
            t.Value.ToArray().Zip(found.Tensors[t.Key].ToArray()[^(int)t.Value.ElementCount..], (x, y) => Math.Abs(x - y)).Max());
    }
}
