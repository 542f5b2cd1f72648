using System.Globalization;
using System.Text.Json;
using SkPeft.Host.Output;
using SkPeft.Training;

namespace SkPeft.Host.Training;

/// <summary>What became of a run, for people and for programs.</summary>
internal static class TrainReport
{
    public static void Print(ToolConsole console, TrainingResult result, IReadOnlyList<StoredAdapter> stored)
    {
        // Where the gate measured, too, there are two accuracies of one adapter.
        string by = stored.Any(s => s.Report.Comparison is not null) ? " (by the trainer, fp32)" : "";
        foreach (TrainedAdapter adapter in result.Adapters)
        {
            string loss = adapter.Losses.Count == 0 ? "no step" : $"loss {adapter.Losses[0]:F4} → {adapter.Losses[^1]:F4} in {adapter.Losses.Count} steps";
            string measured = adapter.Evaluation is { } e ? $"; {Measured(e)}{by}" : "";
            console.Out.WriteLine($"{string.Join(", ", adapter.Folders)}: {loss}{measured}{(result.StoppedEarly ? " (stopped early)" : "")}");
        }

        foreach (StoredAdapter one in stored)
        {
            console.Out.WriteLine(stored.Count == 1 ? one.Report.Text : $"{one.Name}: {one.Report.Text}");
        }

        console.Flush();
    }

    /// <summary>An evaluation in few words.</summary>
    public static string Measured(Evaluation evaluation) =>
        (evaluation.Accuracy is { } accuracy ? $"accuracy {accuracy.ToString("P2", CultureInfo.InvariantCulture)}, " : "") +
        $"held-out loss {evaluation.MeanLoss.ToString("F4", CultureInfo.InvariantCulture)}";

    public static void Write(Utf8JsonWriter json, TrainingResult result, IReadOnlyList<StoredAdapter> stored)
    {
        json.WriteStartObject();
        json.WriteNumber("steps", result.Steps.Count);
        json.WriteBoolean("stopped_early", result.StoppedEarly);
        json.WriteNumber("lines", result.Outline.Lines);
        json.WriteNumber("skipped", result.Outline.Skipped.Count);
        JsonText.Strings(json, "skipped_lines", result.Outline.Skipped);
        json.WriteNumber("parameters", result.Outline.Parameters);
        json.WriteNumber("memory_bound", result.Outline.MemoryBytes);
        json.WriteNumber("seconds", result.Steps.Sum(s => s.Seconds));
        json.WriteNumber("tokens", result.Steps.Sum(s => (long)s.Tokens));
        json.WriteStartArray("adapters");
        foreach (TrainedAdapter adapter in result.Adapters)
        {
            json.WriteStartObject();
            json.WriteString("name", adapter.Name);
            JsonText.Strings(json, "folders", adapter.Folders);
            JsonText.Strings(json, "modules", adapter.Modules);
            json.WriteStartArray("losses");
            foreach (double loss in adapter.Losses)
            {
                json.WriteNumberValue(loss);
            }

            json.WriteEndArray();
            if (adapter.Evaluation is { } evaluation)
            {
                json.WritePropertyName("evaluation");
                Write(json, evaluation);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("evaluations");
        foreach (Evaluation evaluation in result.Evaluations)
        {
            Write(json, evaluation);
        }

        json.WriteEndArray();
        if (stored.Count > 0)
        {
            // The first by itself too: most runs have one.
            json.WritePropertyName("promotion");
            stored[0].Report.Write(json, stored[0].Name);
            json.WriteStartArray("promotions");
            foreach (StoredAdapter one in stored)
            {
                one.Report.Write(json, one.Name);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Evaluation evaluation)
    {
        json.WriteStartObject();
        json.WriteNumber("step", evaluation.Step);
        if (evaluation.Accuracy is { } accuracy)
        {
            json.WriteNumber("accuracy", accuracy);
        }

        json.WritePropertyName(evaluation.Accuracy is null ? "mean_nll_per_token" : "mean_nll");
        JsonText.Number(json, evaluation.MeanLoss);
        json.WriteEndObject();
    }
}
