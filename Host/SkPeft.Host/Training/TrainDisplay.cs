using System.Diagnostics;
using SkPeft.Host.Output;
using SkPeft.Training;
using SkPeft.Training.Loop;

namespace SkPeft.Host.Training;

/// <summary>
/// Shows how a run goes, on stderr: on a terminal one line that renews itself (loss with a sparkline, tokens/s, time left, memory), elsewhere
/// plain lines now and then.
/// </summary>
internal sealed class TrainDisplay(ToolConsole console, bool quiet) : IProgress<TrainingProgress>, IDisposable
{
    private const int SparkWidth = 24;
    private static readonly TimeSpan s_plainInterval = TimeSpan.FromSeconds(10);

    private readonly List<double> _losses = [];
    private long _shown;
    private double _seconds;
    private long _tokens;
    private int _done;
    private bool _lineOpen;

    public void Report(TrainingProgress value)
    {
        if (value.Step is { } step)
        {
            Add(step);
            Show(value, step);
        }
        else if (value.Evaluations.Count > 0)
        {
            Say($"after step {value.Evaluations[0].Step}: {string.Join("; ", value.Evaluations.Select(TrainReport.Measured))}");
        }
        else
        {
            Begin(value.Outline);
        }
    }

    public void Dispose() => CloseLine();

    /// <summary>Writes a line, unless nothing is to be said.</summary>
    public void Say(string line)
    {
        if (!quiet)
        {
            CloseLine();
            console.Error.WriteLine(line);
        }
    }

    private void Begin(TrainingOutline outline)
    {
        foreach (string skipped in outline.Skipped.Take(5))
        {
            Say($"passed over {skipped}");
        }

        if (outline.Skipped.Count > 5)
        {
            Say($"passed over {outline.Skipped.Count - 5} lines more");
        }

        Say($"{outline.Lines} lines, {outline.Steps} steps, {outline.Parameters:N0} parameters; at most {outline.MemoryBytes / 1e6:N0} MB beside the model" +
            (outline.FirstStep > 0 ? $"; resumed behind step {outline.FirstStep - 1}" : ""));
        _losses.AddRange(outline.Earlier.Select(s => s.Loss));
    }

    private void Add(StepRecord step)
    {
        _losses.Add(step.Loss);
        _seconds += step.Seconds;
        _tokens += step.Tokens;
        _done++;
    }

    private void Show(TrainingProgress progress, StepRecord step)
    {
        bool last = step.Step + 1 == progress.Outline.Steps;
        if (quiet || (!console.ErrorIsTerminal && !last && _shown != 0 && console.Time.GetElapsedTime(_shown) < s_plainInterval))
        {
            return;
        }

        _shown = console.Time.GetTimestamp();
        TimeSpan left = TimeSpan.FromSeconds(_seconds / _done * (progress.Outline.Steps - step.Step - 1));
        string line = $"step {step.Step + 1}/{progress.Outline.Steps}  loss {step.Loss:F4}  {(_seconds > 0 ? _tokens / _seconds : 0):N0} tokens/s  {left:hh\\:mm\\:ss} left  {Memory(progress)}";
        if (!console.ErrorIsTerminal)
        {
            console.Error.WriteLine(line);
            return;
        }

        console.Error.Write($"\r\u001b[K{line}  {Sparkline.Of(_losses, SparkWidth)}");
        _lineOpen = true;
    }

    private static string Memory(TrainingProgress progress)
    {
        using Process self = Process.GetCurrentProcess();
        return $"{progress.MemoryBytes / 1e6:N0} of at most {progress.Outline.MemoryBytes / 1e6:N0} MB beside the model (process {self.WorkingSet64 / 1e6:N0} MB)";
    }

    private void CloseLine()
    {
        if (_lineOpen)
        {
            console.Error.WriteLine();
            _lineOpen = false;
        }
    }
}
