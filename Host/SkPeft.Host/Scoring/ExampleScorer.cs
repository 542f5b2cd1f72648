using SkPeft.Engine.Tokenization;
using SkPeft.Host.Inputs;
using SkPeft.Host.Models;
using SkPeft.Training.Data;
using SkPeft.Training.Scoring;

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
        string?[] labels = [.. lines.Select((line, i) => LabelOf(line, lines[0]))];
        foreach (DataLine line in lines)
        {
            // Before the model: a bad last line should not cost a run.
            _ = _prompt.Fill(line);
            _ = _completion?.Fill(line);
        }

        using ModelSession session = await ModelSession.OpenAsync(request.Session, cancellation);
        AnswerScorer scorer = new(session.Model.Engine, session.Adapter);
        IReadOnlyList<int>[] answers = [.. request.Labels.Select(label => session.Tokenizer.Encode(" " + label, SpecialTokens.Match))];
        List<ScoredExample> examples = [];
        for (int i = 0; i < lines.Count; i++)
        {
            examples.Add(await ScoreAsync(session, scorer, lines[i], labels[i], answers, cancellation));
        }

        return new ScoreReport(examples, _completion is null, session.Receipt);
    }

    private async Task<ScoredExample> ScoreAsync(
        ModelSession session, AnswerScorer scorer, DataLine line, string? label, IReadOnlyList<IReadOnlyList<int>> labels, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<int> prompt = session.Tokenizer.Encode(_prompt.Fill(line));
            if (prompt.Count == 0)
            {
                throw line.Error("the prompt has no tokens.");
            }

            if (_completion is null)
            {
                double[] scores = await scorer.ScoreAsync(prompt, labels, cancellation);
                return new ScoredExample(label, [.. request.Labels.Zip(scores)], 0, 0);
            }

            IReadOnlyList<int> answer = session.Tokenizer.Encode(_completion.Fill(line));
            return answer.Count == 0
                ? throw line.Error("the completion has no tokens.")
                : new ScoredExample(null, [], -(await scorer.ScoreAsync(prompt, [answer], cancellation))[0], answer.Count);
        }
        catch (SkPeftException e) when (e is not DataLineException)
        {
            throw line.Error(e.Message, e);
        }
    }

    // A field that was named must be there; the default one must be there in all lines or in none.
    private string? LabelOf(DataLine line, DataLine first)
    {
        if (_completion is not null || (request.LabelField is null && !_labelField.IsIn(first) && !_labelField.IsIn(line)))
        {
            return null;
        }

        string label = _labelField.TextIn(line);
        return request.Labels.Contains(label)
            ? label
            : throw line.Error($"label '{label}' is not one of {string.Join(", ", request.Labels)} (--labels).");
    }
}
