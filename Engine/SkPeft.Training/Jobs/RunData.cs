using SkPeft.Engine;
using SkPeft.Training.Data;
using SkPeft.Training.Loop;

namespace SkPeft.Training;

/// <summary>The lines of a run.</summary>
internal sealed class RunData
{
    private readonly LanguageModel _model;
    private readonly TrainingJob _job;
    private readonly ExampleNeeds _needs;

    public RunData(LanguageModel model, TrainingJob job, ExampleNeeds needs)
    {
        (_model, _job, _needs) = (model, job, needs);
        Training = Read(job.Data, needs).RequireTask();
        Evaluation = job.Evaluation is { } held ? Read(held, needs with { Candidates = held.Classes.Count > 0 && !needs.ClassesOnly }).RequireLines() : null;
    }

    /// <summary>The lines to learn from.</summary>
    public ExampleSet Training { get; private set; }

    /// <summary>The held-out lines, or null.</summary>
    public ExampleSet? Evaluation { get; private set; }

    /// <summary>Lines that were passed over, and why.</summary>
    public IReadOnlyList<string> SkippedLines =>
        [.. Training.Skipped.Concat(Evaluation?.Skipped ?? []).Select(s => $"line {s.Line}: {s.Reason}")];

    /// <summary>Checks the lines against what the methods leave room for.</summary>
    public void Fit(IReadOnlyList<Learner> learners)
    {
        if (_job.Data.Chat && learners.Any(l => l.Training.ReadsInstruction))
        {
            // Each answer needs the soft tokens of its own instruction.
            Training = Read(_job.Data, _needs with { TurnByTurn = true });
            Evaluation = Evaluation is null ? null : Read(_job.Evaluation!, _needs with { TurnByTurn = true });
        }

        int rows = learners.Max(l => l.BuildEffects(0).VirtualRows);
        int tasks = learners.Min(l => l.Training.Tasks);
        Training = Training.Fit(_model.Engine.ContextLength, rows, tasks).RequireTask();
        Evaluation = Evaluation?.Fit(_model.Engine.ContextLength, rows, tasks).RequireLines();
    }

    private ExampleSet Read(TrainingData data, ExampleNeeds needs) =>
        new ExampleReader(data, new TextTools(_model.Path, _model.Tokenizer, () => _model.ChatTemplate, _model.Config.Sizes.VocabularySize), needs).Read();
}
