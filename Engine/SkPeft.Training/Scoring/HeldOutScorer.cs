using SkPeft.Engine;
using SkPeft.Training.Data;
using SkPeft.Training.Objectives;

namespace SkPeft.Training.Scoring;

/// <summary>How one held-out line went.</summary>
/// <param name="Line">Its number in the file.</param>
/// <param name="Loss">The negative log-likelihood: of a token of the completion in the mean, or of the true class.</param>
/// <param name="IsRight">Whether the true class had the highest score; null where the line has no class.</param>
internal readonly record struct LineScore(int Line, double Loss, bool? IsRight);

/// <summary>Measures loaded adapters on held-out lines by the engine that serves: what is compared is what requests will get.</summary>
/// <param name="model">The model.</param>
/// <param name="data">The lines.</param>
/// <param name="aggregation">How the words of a class become its score.</param>
/// <param name="task">The task whose lines count; null: all.</param>
internal sealed class HeldOutScorer(LanguageModel model, TrainingData data, WordAggregation aggregation, int? task = null)
{
    private readonly Dictionary<(bool ByHead, SoftSlots? Slots), IReadOnlyList<Example>> _examples = [];

    /// <summary>Scores every line; where the data say so, those that do not fit the context are passed over.</summary>
    /// <param name="adapter">The adapter, or null for the bare base.</param>
    /// <param name="cancellation">Stops between lines.</param>
    public async Task<IReadOnlyList<LineScore>> ScoreAsync(ILoadedAdapter? adapter, CancellationToken cancellation)
    {
        bool byHead = adapter?.Labels.Count > 0;
        List<LineScore> scores = [];
        foreach (Example example in Examples(byHead, adapter?.Slots))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                scores.Add(byHead ? await ByHeadAsync(adapter!, example, cancellation)
                    : example.Candidates.Count > 0 ? await ByWordsAsync(adapter, example, cancellation)
                    : await ByCompletionAsync(adapter, example, cancellation));
            }
            catch (ContextLengthException) when (data.SkipUnusable)
            {
                // The trainer passed over it, too, and told the user.
            }
        }

        return scores;
    }

    /// <summary>What saying the most frequent class of the lines every time would score, with the classes' shares as probabilities.</summary>
    public IReadOnlyList<LineScore> MostFrequentClass()
    {
        IReadOnlyList<Example> examples = Examples(byHead: true, null);
        Dictionary<int, int> counts = examples.GroupBy(e => e.Class!.Value).ToDictionary(g => g.Key, g => g.Count());
        int most = counts.MaxBy(c => c.Value).Key;
        return [.. examples.Select(e => new LineScore(e.Line, -Math.Log((double)counts[e.Class!.Value] / examples.Count), e.Class == most))];
    }

    private IReadOnlyList<Example> Examples(bool byHead, SoftSlots? slots)
    {
        if (!_examples.TryGetValue((byHead, slots), out IReadOnlyList<Example>? examples))
        {
            TextTools tools = new(model.Path, model.Tokenizer, () => model.ChatTemplate, model.Config.Sizes.VocabularySize);
            ExampleNeeds needs = new(Candidates: data.Classes.Count > 0 && !byHead, ClassesOnly: byHead, TurnByTurn: true) { Slots = slots };
            examples = [.. new ExampleReader(data, tools, needs).Read().RequireLines().Examples.Where(e => task is null || e.Task == task)];
            if (examples.Count == 0)
            {
                throw new TrainingException($"{data.Path} has no line with \"task_id\": {task}, so the adapter of this task cannot be compared. Give it held-out lines, or promote without a condition.");
            }

            _examples.Add((byHead, slots), examples);
        }

        return examples;
    }

    private async Task<LineScore> ByHeadAsync(ILoadedAdapter adapter, Example example, CancellationToken cancellation)
    {
        Passage passage = example.Passages[0];
        float[] scores = await model.Engine.ClassifyAsync(passage.Ids, adapter, passage.PromptLength, cancellationToken: cancellation);
        int truth = example.Class!.Value;
        double most = scores.Max(), total = most + Math.Log(scores.Sum(s => Math.Exp(s - most)));
        return truth < scores.Length
            ? new LineScore(example.Line, total - scores[truth], Array.IndexOf(scores, scores.Max()) == truth)
            : throw new DataLineException(data.Path, example.Line, $"the class is {truth}, and the adapter has {scores.Length}: {string.Join(", ", adapter.Labels)}.");
    }

    private async Task<LineScore> ByWordsAsync(ILoadedAdapter? adapter, Example example, CancellationToken cancellation)
    {
        int length = example.Candidates[0].Passage.PromptLength;
        double[] scores = await new AnswerScorer(model.Engine, adapter).ScoreAsync(
            example.Candidates[0].Passage.Ids[..length], [.. example.Candidates.Select(c => c.Passage.Ids[length..])], cancellation);
        Dictionary<Candidate, double> byWord = new(ReferenceEqualityComparer.Instance);
        foreach ((Candidate candidate, double score) in example.Candidates.Zip(scores))
        {
            byWord.Add(candidate, score);
        }

        ClassScores classes = new(example.Candidates, c => byWord[c], aggregation);
        return new LineScore(example.Line, -classes[example.Class!.Value], classes.Best == example.Class);
    }

    private async Task<LineScore> ByCompletionAsync(ILoadedAdapter? adapter, Example example, CancellationToken cancellation)
    {
        double sum = 0;
        int tokens = 0;
        foreach (Passage passage in example.Passages)
        {
            double[] scores = await model.Engine.ScoreAsync(passage.Ids[..passage.LossFrom], passage.Ids[passage.LossFrom..], adapter, cancellationToken: cancellation);
            sum -= scores.Where((_, i) => passage.Mask?[i] != false).Sum();
            tokens += passage.Counted;
        }

        return new LineScore(example.Line, sum / tokens, null);
    }
}
