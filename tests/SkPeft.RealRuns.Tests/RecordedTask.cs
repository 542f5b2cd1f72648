using System.Text.Json;
using SkPeft.Testing;
using SkPeft.Training;

namespace SkPeft.RealRuns.Tests;

/// <summary>The prompts and answers that the recorded runs used, by task (<c>golden/README.md</c>).</summary>
internal static class RecordedTask
{
    /// <summary>The first lines of the training file.</summary>
    public static TrainingData Training(string task, int lines) => Template(task) with { Path = FileOf(task, "train"), Limit = lines };

    /// <summary>The first lines of the test file, with the labels to choose from where the task has any.</summary>
    public static TrainingData Test(string task, int lines)
    {
        TrainingData template = Template(task) with { Path = FileOf(task, "test"), Limit = lines };
        return task == "e2e"
            ? template with { Completion = " {references[0]}<|im_end|>" }
            : template with { Classes = [.. Labels(task).Select(LabelClass.Of)] };
    }

    private static TrainingData Template(string task) => task switch
    {
        "sst2" => Of("Review: {text}\nSentiment:", " {label}"),
        "agnews" => Of("News: {text}\nTopic:", " {label}"),
        "e2e" => Of("{meaning}\nDescription:", " {reference}<|im_end|>"),
        _ => throw new InvalidOperationException($"golden/README.md gives no template for the task '{task}'."),
    };

    private static TrainingData Of(string prompt, string completion) => new() { Path = "", Prompt = prompt, Completion = completion };

    private static IEnumerable<string> Labels(string task) => File.ReadLines(FileOf(task, "train"))
        .Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("label").GetString()!)
        .Distinct().Order(StringComparer.Ordinal);

    private static string FileOf(string task, string part) => SharedFolder.PathOf("data", task, $"{part}.jsonl");
}
