using SkPeft.Connectors.Prompts;
using SkPeft.Connectors.Skills;
using SkPeft.Engine.Generation;
using SkPeft.Engine.Tokenization;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Connectors.Answers;

/// <summary>
/// Answers with a class: its probability is that of any of its words standing behind the prompt (a sum), divided by that of all classes.
/// A word is written with a space in front unless the prompt, or the word itself, brings white space.
/// </summary>
internal sealed class Verbalizer(InferenceEngine engine, ITokenizer tokenizer)
{
    public async ValueTask<Verdict> DecideAsync(
        PreparedPrompt prompt, IReadOnlyList<SkillLabel> labels, ILoadedAdapter? adapter, Precision? precision, RequestTerms terms, CancellationToken cancellation)
    {
        (int Class, IReadOnlyList<int> Ids)[] words =
        [
            .. labels.SelectMany((label, index) => label.Words.Select(word => (index, tokenizer.Encode(Spaced(word, prompt))))),
        ];
        double[] scores = await ScoreAsync(prompt, [.. words.Select(w => w.Ids)], adapter, precision, terms, cancellation);

        double[] classes = [.. labels.Select((_, index) => LogSum(scores.Where((_, w) => words[w].Class == index)))];
        double all = LogSum(classes);
        double[] probabilities = [.. classes.Select(c => Math.Exp(c - all))];
        int best = Array.IndexOf(probabilities, probabilities.Max());
        int tokens = words.Zip(scores).Where(w => w.First.Class == best).MaxBy(w => w.Second).First.Ids.Count;
        return new Verdict(labels[best].Name, labels.Select((l, i) => (l.Name, probabilities[i])).ToDictionary(p => p.Name, p => p.Item2), tokens);
    }

    /// <summary>Log-probabilities of the answers. Those of one token share one pass over the prompt.</summary>
    private async ValueTask<double[]> ScoreAsync(
        PreparedPrompt prompt, IReadOnlyList<int>[] answers, ILoadedAdapter? adapter, Precision? precision, RequestTerms terms, CancellationToken cancellation)
    {
        double[] scores = new double[answers.Length];
        int last = prompt.Ids.Count - 1;
        int instruction = prompt.InstructionTokens ?? prompt.Ids.Count;
        int[] single = [.. Enumerable.Range(0, answers.Length).Where(i => answers[i].Count == 1)];
        if (single.Length > 0)
        {
            await engine.VisitLogitsAsync(prompt.Ids, adapter, last, (_, logits) =>
            {
                double sum = LogSum(logits);
                foreach (int i in single)
                {
                    scores[i] = logits[answers[i][0]] - sum;
                }
            }, instruction, precision, terms, cancellation);
        }

        for (int i = 0; i < answers.Length; i++)
        {
            if (answers[i].Count != 1)
            {
                IReadOnlyList<int> answer = answers[i];
                int at = i;
                int[] all = [.. prompt.Ids, .. answer.Take(answer.Count - 1)];
                LogitsVisitor add = (index, logits) => scores[at] += logits[answer[index - last]] - LogSum(logits);
                await engine.VisitLogitsAsync(all, adapter, last, add, instruction, precision, terms, cancellation);
            }
        }

        return scores;
    }

    private static string Spaced(string word, PreparedPrompt prompt) => prompt.EndsInSpace || char.IsWhiteSpace(word[0]) ? word : " " + word;

    private static double LogSum(ReadOnlySpan<float> values)
    {
        float most = float.NegativeInfinity;
        foreach (float value in values)
        {
            most = Math.Max(most, value);
        }

        double sum = 0;
        foreach (float value in values)
        {
            sum += Math.Exp(value - most);
        }

        return most + Math.Log(sum);
    }

    private static double LogSum(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double most = all.Max();
        return double.IsNegativeInfinity(most) ? most : most + Math.Log(all.Sum(v => Math.Exp(v - most)));
    }
}

/// <summary>A class, and how probable each of them was.</summary>
/// <param name="Label">The most probable class; of equal ones the first.</param>
/// <param name="Probabilities">Of every class; they add up to 1.</param>
/// <param name="Tokens">Tokens of the word that counted most for the class; 0 where a head decided.</param>
internal sealed record Verdict(string Label, IReadOnlyDictionary<string, double> Probabilities, int Tokens);
