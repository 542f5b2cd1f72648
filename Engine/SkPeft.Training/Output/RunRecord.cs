using System.Text.Json;
using SkPeft.Training.Loop;

namespace SkPeft.Training.Output;

/// <summary>
/// <c>run.jsonl</c> in an adapter's folder: what is trained, then a line a step and a line an evaluation, then how it ended. A page can follow
/// it while the run goes on. It has no times in it, so that equal runs leave equal folders.
/// </summary>
internal sealed class RunRecord : IDisposable
{
    /// <summary>The file's name.</summary>
    public const string FileName = "run.jsonl";

    private readonly string _path;
    private readonly int _index;
    private FileStream? _stream;

    /// <param name="folder">The adapter's folder.</param>
    /// <param name="index">The adapter's place in the run.</param>
    public RunRecord(string folder, int index) => (_path, _index) = (Path.Combine(folder, FileName), index);

    /// <summary>Begins the file with what was done before.</summary>
    /// <exception cref="FileAccessException">It cannot be written.</exception>
    public void Begin(AdapterPlan plan, string model, TrainingOutline outline, RunHistory history)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            _stream = new FileStream(_path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 14);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FileAccessException(_path, $"the run's record cannot be written ({e.Message})", "Check the path and its permissions.", e);
        }

        Write(json =>
        {
            json.WriteStartObject("run");
            json.WriteString("method", plan.Package.PeftType);
            json.WriteString("model", model);
            json.WriteNumber("steps", outline.Steps);
            json.WriteNumber("parameters", outline.Parameters);
            json.WriteNumber("lines", outline.Lines);
            json.WriteEndObject();
        });
        int next = 0;
        foreach (StepRecord step in history.Steps)
        {
            next = Evaluations(history, next, step.Step);
            Write(step);
        }

        Evaluations(history, next, int.MaxValue);
        _stream.Flush();
    }

    public void Add(StepRecord step)
    {
        Write(step);
        _stream?.Flush();
    }

    public void Add(IReadOnlyList<Evaluation> evaluations)
    {
        Write(evaluations[_index]);
        _stream?.Flush();
    }

    /// <summary>The run ended by itself.</summary>
    public void End(int steps, bool stoppedEarly)
    {
        Write(json =>
        {
            json.WriteStartObject("end");
            json.WriteNumber("steps", steps);
            json.WriteBoolean("stopped_early", stoppedEarly);
            json.WriteEndObject();
        });
        _stream?.Flush();
    }

    public void Dispose() => _stream?.Dispose();

    // Those that were made before this step.
    private int Evaluations(RunHistory history, int next, int step)
    {
        for (; next < history.Evaluations.Count && history.Evaluations[next][_index].Step <= step; next++)
        {
            Write(history.Evaluations[next][_index]);
        }

        return next;
    }

    private void Write(StepRecord step) => Write(json =>
    {
        json.WriteNumber("step", step.Step);
        json.WriteNumber("loss", _index == 0 ? step.Loss : step.Others[_index - 1]);
        json.WriteNumber("lr", step.Rate);
        json.WriteNumber("tokens", step.Tokens);
    });

    private void Write(Evaluation evaluation) => Write(json =>
    {
        json.WriteNumber("step", evaluation.Step);
        json.WriteStartObject("evaluation");
        if (double.IsFinite(evaluation.MeanLoss))
        {
            json.WriteNumber("loss", evaluation.MeanLoss);
        }

        if (evaluation.Accuracy is { } accuracy)
        {
            json.WriteNumber("accuracy", accuracy);
        }

        json.WriteEndObject();
    });

    private void Write(Action<Utf8JsonWriter> fields)
    {
        if (_stream is null)
        {
            return;
        }

        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        _stream.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
        _stream.Write("\n"u8);
    }
}
