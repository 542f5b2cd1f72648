using SkPeft.Engine.Prompting;
using SkPeft.Host.Inputs;
using SkPeft.Host.Models;
using SkPeft.Training.Data;

namespace SkPeft.Host.Scoring;

/// <summary>Scores every line of a data file.</summary>
internal sealed class ExampleScorer(ScoreRequest request)
{
    private const string DefaultLabelField = "label";

    private readonly FieldTemplate _prompt = new(request.Prompt);
    private readonly FieldTemplate? _completion = request.Completion is null ? null : new FieldTemplate(request.Completion);
    private readonly FieldPath _labelField = FieldPath.Parse(request.LabelField ?? DefaultLabelField, "");

    public async Task<ScoreReport> RunAsync(CancellationToken cancellation)
    {
        IReadOnlyList<DataLine> lines = DataFile.Read(request.Data, request.Limit);
        CheckBeforeTheModel(lines);
        using ModelSession session = await ModelSession.OpenAsync(request.Session, cancellation);
        LineScorer scorer = LineScorer.For(request, session);
        string?[] labels = TrueLabels(lines, scorer.Labels);
        List<ScoredExample> examples = [];
        for (int i = 0; i < lines.Count; i++)
        {
            examples.Add(await ScoreAsync(session, scorer, lines[i], labels[i], cancellation));
        }

        return new ScoreReport(examples, scorer.Kind, session.Receipt);
    }

    // A bad last line should not cost a run.
    private void CheckBeforeTheModel(IReadOnlyList<DataLine> lines)
    {
        if (request.Labels.Count > 0)
        {
            _ = TrueLabels(lines, request.Labels);
        }

        foreach (DataLine line in lines)
        {
            _ = _prompt.Fill(line);
            _ = _completion?.Fill(line);
        }
    }

    private async Task<ScoredExample> ScoreAsync(ModelSession session, LineScorer scorer, DataLine line, string? label, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<int> prompt = SlottedPrompt.Encode(session.Tokenizer, _prompt.Fill(line), session.Adapter?.Slots);
            return prompt.Count == 0
                ? throw line.Error("the prompt has no tokens.")
                : await scorer.ScoreAsync(line, prompt, label, cancellation);
        }
        catch (SkPeftException e) when (e is not DataLineException)
        {
            throw line.Error(e.Message, e);
        }
    }

    private string?[] TrueLabels(IReadOnlyList<DataLine> lines, IReadOnlyList<string> known) => [.. lines.Select(line => LabelOf(line, lines[0], known))];

    // A field that was named must be there; the default one must be there in all lines or in none.
    private string? LabelOf(DataLine line, DataLine first, IReadOnlyList<string> known)
    {
        if (known.Count == 0 || (request.LabelField is null && !_labelField.IsIn(first) && !_labelField.IsIn(line)))
        {
            return null;
        }

        string label = _labelField.TextIn(line);
        return known.Contains(label)
            ? label
            : throw line.Error($"label '{label}' is not one of {string.Join(", ", known)} (--labels).");
    }
}
