using SkPeft.Connectors.Prompts;
using SkPeft.Connectors.Skills;
using SkPeft.Engine.Generation;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Connectors.Answers;

/// <summary>Answers with a class of an adapter that has a head for its classes (SEQ_CLS): its probability is the softmax of the head's scores.</summary>
internal sealed class Classifier(InferenceEngine engine)
{
    /// <summary>Decides.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="names">What names the classes, in order, where the adapter knows numbers only; their words are not used.</param>
    /// <param name="key">Where these are written, for messages.</param>
    /// <param name="adapter">The adapter.</param>
    /// <param name="precision">The precision.</param>
    /// <param name="terms">Who asks, and how urgently.</param>
    /// <param name="cancellation">Cancels between steps.</param>
    /// <exception cref="InvalidOptionException">The labels are not the adapter's classes.</exception>
    public async ValueTask<Verdict> DecideAsync(
        PreparedPrompt prompt, IReadOnlyList<SkillLabel> names, string key, ILoadedAdapter adapter, Precision? precision, RequestTerms terms, CancellationToken cancellation)
    {
        IReadOnlyList<string> labels = ClassLabels.Of(adapter, [.. names.Select(l => l.Name)], key);
        float[] scores = await engine.ClassifyAsync(prompt.Ids, adapter, prompt.InstructionTokens, precision, terms, cancellation);
        double[] probabilities = ClassLabels.Probabilities(scores);
        int best = Array.IndexOf(probabilities, probabilities.Max());
        return new Verdict(labels[best], labels.Zip(probabilities).ToDictionary(p => p.First, p => p.Second), 0);
    }
}
