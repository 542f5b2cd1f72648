using System.Text.Json;

namespace SkPeft.Http.Runs;

/// <summary>What a <c>run.jsonl</c> says (docs/training.md).</summary>
internal sealed record RunFile
{
    public const string Name = "run.jsonl";

    private const long MostBytes = 64 << 20;

    public string? Method { get; private init; }

    public string? Model { get; private init; }

    public int Steps { get; private init; }

    public long Parameters { get; private init; }

    public int Lines { get; private init; }

    public bool IsFinished { get; private init; }

    public bool StoppedEarly { get; private init; }

    public IReadOnlyList<RunLoss> Losses { get; private init; } = [];

    public IReadOnlyList<RunEvaluation> Evaluations { get; private init; } = [];

    /// <exception cref="FileFormatException">A line is not one of a run's record.</exception>
    /// <exception cref="FileAccessException">It cannot be read.</exception>
    public static RunFile Read(string path)
    {
        string text;
        try
        {
            // Whoever trains goes on writing.
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > MostBytes)
            {
                throw new FileFormatException(path, "size", $"{stream.Length} bytes", $"at most {MostBytes} bytes");
            }

            using StreamReader reader = new(stream);
            text = reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FileAccessException(path, e.Message, "Check its permissions.", e);
        }

        // A line without an end is being written.
        string[] lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        RunFile run = new();
        List<RunLoss> losses = [];
        List<RunEvaluation> evaluations = [];
        for (int i = 0; i < lines.Length; i++)
        {
            try
            {
                using JsonDocument line = JsonDocument.Parse(lines[i]);
                run = Take(run, line.RootElement, losses, evaluations);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
            {
                throw new FileFormatException(path, $"line {i + 1}", e.Message, "a line as skpeft train writes it", e);
            }
        }

        return run with { Losses = losses, Evaluations = evaluations };
    }

    private static RunFile Take(RunFile run, JsonElement line, List<RunLoss> losses, List<RunEvaluation> evaluations)
    {
        if (line.TryGetProperty("run", out JsonElement head))
        {
            return run with
            {
                Method = head.GetProperty("method").GetString(), Model = head.GetProperty("model").GetString(), Steps = head.GetProperty("steps").GetInt32(),
                Parameters = head.GetProperty("parameters").GetInt64(), Lines = head.GetProperty("lines").GetInt32(),
            };
        }

        if (line.TryGetProperty("end", out JsonElement end))
        {
            return run with { IsFinished = true, StoppedEarly = end.GetProperty("stopped_early").GetBoolean() };
        }

        int step = line.GetProperty("step").GetInt32();
        if (line.TryGetProperty("evaluation", out JsonElement evaluation))
        {
            evaluations.Add(new RunEvaluation(step, Number(evaluation, "loss"), Number(evaluation, "accuracy")));
        }
        else
        {
            losses.Add(new RunLoss(step, line.GetProperty("loss").GetDouble(), line.GetProperty("lr").GetDouble()));
        }

        return run;
    }

    private static double? Number(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : null;
}
