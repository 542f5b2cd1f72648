using System.Text.Json;

namespace SkPeft.Training.Output;

/// <summary>
/// The log of a run: one JSON object a step. Every line is with the operating system before the next step begins; a run that is resumed
/// finds the lines of its checkpoint, and none beyond.
/// </summary>
/// <param name="path">The file, or null for no log.</param>
internal sealed class TrainingLog(string? path) : IDisposable
{
    private FileStream? _stream;

    /// <summary>Begins the file with the steps that were done before.</summary>
    /// <exception cref="FileAccessException">It cannot be written.</exception>
    public void Begin(IReadOnlyList<Loop.StepRecord> earlier)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            _stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 14);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FileAccessException(path, $"the log cannot be written ({e.Message})", "Check the path and its permissions.", e);
        }

        foreach (Loop.StepRecord step in earlier)
        {
            Write(step);
        }

        _stream.Flush();
    }

    /// <summary>Adds a line.</summary>
    public void Add(Loop.StepRecord step)
    {
        Write(step);
        _stream?.Flush();
    }

    public void Dispose() => _stream?.Dispose();

    private void Write(Loop.StepRecord step)
    {
        if (_stream is null)
        {
            return;
        }

        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line))
        {
            json.WriteStartObject();
            json.WriteNumber("step", step.Step);
            json.WriteNumber("loss", step.Loss);
            if (step.Others.Count > 0)
            {
                json.WriteStartArray("losses");
                foreach (double loss in step.Others.Prepend(step.Loss))
                {
                    json.WriteNumberValue(loss);
                }

                json.WriteEndArray();
            }

            json.WriteNumber("lr", step.Rate);
            json.WriteNumber("tokens", step.Tokens);
            json.WriteNumber("seconds", Math.Round(step.Seconds, 6));
            json.WriteEndObject();
        }

        _stream.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
        _stream.Write("\n"u8);
    }
}
