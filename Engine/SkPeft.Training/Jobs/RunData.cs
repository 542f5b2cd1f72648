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
        Read(needs with { SlotsUnknown = true });
    }

    /// <summary>The lines to learn from.</summary>
    public ExampleSet Training { get; private set; } = null!;

    /// <summary>The held-out lines, or null.</summary>
    public ExampleSet? Evaluation { get; private set; }

    /// <summary>Lines that were passed over, and why.</summary>
    public IReadOnlyList<string> SkippedLines =>
        [.. Training.Skipped.Concat(Evaluation?.Skipped ?? []).Select(s => $"line {s.Line}: {s.Reason}")];

    /// <summary>Checks the lines against what the methods leave room for.</summary>
    public void Fit(IReadOnlyList<Learner> learners)
    {
        // Each answer needs the soft tokens of its own instruction.
        bool turnByTurn = _job.Data.Chat && learners.Any(l => l.Training.ReadsInstruction);
        SoftSlots? slots = SlotsOf(learners);
        if (slots is null)
        {
            RequireNoMarkers(_job.Data);
            RequireNoMarkers(_job.Evaluation);
        }

        if (turnByTurn || slots is not null || Training.HasPlaceholders || Evaluation is { HasPlaceholders: true })
        {
            Read(_needs with { TurnByTurn = turnByTurn, Slots = slots });
        }

        int rows = learners.Max(l => l.BuildEffects(0).VirtualRows);
        int tasks = learners.Min(l => l.Training.Tasks);
        Training = Training.Fit(_model.Engine.ContextLength, rows, tasks).RequireTask();
        Evaluation = Evaluation?.Fit(_model.Engine.ContextLength, rows, tasks).RequireLines();
    }

    // All learners see the same prompts.
    private static SoftSlots? SlotsOf(IReadOnlyList<Learner> learners)
    {
        SoftSlots?[] slots = [.. learners.Select(l => l.Training.Slots)];
        return slots.Select(s => (s?.Count, string.Join(',', s?.Splits ?? []))).Distinct().Count() == 1
            ? slots[0]
            : throw new TrainingException("One adapter has soft tokens in the middle of the prompt that another does not have: they cannot learn from the same prompts. Train them in runs of their own.");
    }

    // It would be learned as text in silence. What a field brings is text in any case.
    private void RequireNoMarkers(TrainingData? data)
    {
        if (data?.Prompt is { } prompt && SoftSlots.FirstIn(prompt) is { } marker)
        {
            string methods = string.Join(" and ", _job.Adapters.Select(a => a.Package.PeftType).Distinct());
            throw new TrainingException(
                $"The prompt '{prompt}' has the soft slot {marker}, and {methods} {(methods.Contains(' ', StringComparison.Ordinal) ? "have" : "has")} no soft slots. " +
                "Take it out, or train a method whose soft tokens stand inside the prompt (its README says so; 'skpeft plugins list' has all methods). If it is meant as text, put it into a field of the lines.");
        }
    }

    private void Read(ExampleNeeds needs)
    {
        // Lines that are set apart for validation are measured as held-out ones are.
        bool measured = _job.Evaluation is null && _job.Loop.ValidationShare > 0 && HasClasses(_job.Data, needs);
        Training = Read(_job.Data, needs with { Candidates = needs.Candidates || measured }).RequireTask();
        Evaluation = _job.Evaluation is { } held ? Read(held, needs with { Candidates = HasClasses(held, needs) }).RequireLines() : null;
    }

    private static bool HasClasses(TrainingData data, ExampleNeeds needs) => data.Classes.Count > 0 && !needs.ClassesOnly;

    private ExampleSet Read(TrainingData data, ExampleNeeds needs) =>
        new ExampleReader(data, new TextTools(_model.Path, _model.Tokenizer, () => _model.ChatTemplate, _model.Config.Sizes.VocabularySize), needs).Read();
}
