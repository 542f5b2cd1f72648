using SkPeft.Engine.Generation;
using SkPeft.Engine.Tokenization;
using SkPeft.Host.Models;
using SkPeft.Training.Data;
using SkPeft.Training.Scoring;

namespace SkPeft.Host.Scoring;

/// <summary>Scores what may stand behind a prompt.</summary>
internal abstract class LineScorer(ScoreKind kind, IReadOnlyList<string> labels)
{
    /// <summary>What is scored.</summary>
    public ScoreKind Kind { get; } = kind;

    /// <summary>The classes; empty for a completion.</summary>
    public IReadOnlyList<string> Labels { get; } = labels;

    /// <summary>Chooses by what the command asks for, and by what the adapter is.</summary>
    /// <exception cref="InvalidOptionException">The two do not go together.</exception>
    public static LineScorer For(ScoreRequest request, ModelSession session)
    {
        bool classifies = session.Adapter is { Labels.Count: > 0 };
        if (request.Completion is { } completion)
        {
            return classifies
                ? throw new InvalidOptionException("--completion", "a text", "nothing: this adapter classifies (task_type SEQ_CLS), it has no probabilities of texts")
                : new CompletionScorer(new FieldTemplate(completion), session);
        }

        return classifies ? new ClassScorer(session, ClassLabels.Of(session.Adapter!, request.Labels, "--labels"))
            : request.Labels.Count > 0 ? new LabelScorer(session, request.Labels)
            : throw new InvalidOptionException("--labels", "nothing", "labels, or --completion: this adapter generates text and has no classes of its own");
    }

    /// <summary>Scores one line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="prompt">Its prompt, at least one token.</param>
    /// <param name="label">Its true label, where it has one.</param>
    /// <param name="cancellation">Cancels between steps.</param>
    public abstract Task<ScoredExample> ScoreAsync(DataLine line, IReadOnlyList<int> prompt, string? label, CancellationToken cancellation);
}

/// <summary>Labels that are words of the language: each as text behind the prompt.</summary>
internal sealed class LabelScorer(ModelSession session, IReadOnlyList<string> labels) : LineScorer(ScoreKind.Labels, labels)
{
    private readonly AnswerScorer _scorer = new(session.Model.Engine, session.Adapter);
    private readonly IReadOnlyList<int>[] _answers = [.. labels.Select(label => session.Tokenizer.Encode(" " + label, SpecialTokens.Match))];

    public override async Task<ScoredExample> ScoreAsync(DataLine line, IReadOnlyList<int> prompt, string? label, CancellationToken cancellation) =>
        new(label, [.. Labels.Zip(await _scorer.ScoreAsync(prompt, _answers, cancellation))], 0, 0);
}

/// <summary>The classes of an adapter with a classification head.</summary>
internal sealed class ClassScorer(ModelSession session, IReadOnlyList<string> labels) : LineScorer(ScoreKind.Classes, labels)
{
    public override async Task<ScoredExample> ScoreAsync(DataLine line, IReadOnlyList<int> prompt, string? label, CancellationToken cancellation)
    {
        float[] scores = await session.Model.Engine.ClassifyAsync(prompt, session.Adapter!, cancellationToken: cancellation);
        return new ScoredExample(label, [.. Labels.Zip(ClassLabels.LogProbabilities(scores))], 0, 0);
    }
}

/// <summary>One text behind the prompt.</summary>
internal sealed class CompletionScorer(FieldTemplate completion, ModelSession session) : LineScorer(ScoreKind.Completion, [])
{
    private readonly AnswerScorer _scorer = new(session.Model.Engine, session.Adapter);

    public override async Task<ScoredExample> ScoreAsync(DataLine line, IReadOnlyList<int> prompt, string? label, CancellationToken cancellation)
    {
        IReadOnlyList<int> answer = session.Tokenizer.Encode(completion.Fill(line));
        return answer.Count == 0
            ? throw line.Error("the completion has no tokens.")
            : new ScoredExample(null, [], -(await _scorer.ScoreAsync(prompt, [answer], cancellation))[0], answer.Count);
    }
}
