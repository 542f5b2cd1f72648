using System.Numerics.Tensors;
using SkPeft.Tensors.Ops;

namespace SkPeft.Tensors.Training;

/// <summary>
/// How soft tokens of the embedding's width start (arXiv 2104.08691, §3.2): drawn, sampled from the vocabulary, or the embeddings of a
/// text or of the labels. In the options' <c>start</c>: <c>init</c>, <c>text</c>, <c>labels</c>, <c>vocabulary_size</c>, <c>vocab_std</c>,
/// <c>special_tokens</c>.
/// </summary>
public sealed class SoftTokenStart
{
    private readonly Func<TrainingRequest, int, Tensor> _create;

    private SoftTokenStart(Func<TrainingRequest, int, Tensor> create) => _create = create;

    /// <summary>Reads the start; what is wrong becomes a problem of the reader.</summary>
    /// <param name="start">The options.</param>
    /// <param name="config">The configuration, for methods whose own has <c>prompt_tuning_init</c> and <c>prompt_tuning_init_text</c>; the options come first.</param>
    public static SoftTokenStart Read(StartReader start, AdapterConfigReader? config = null)
    {
        ArgumentNullException.ThrowIfNull(start);
        string init = config?.Text("prompt_tuning_init", "RANDOM") ?? "RANDOM";
        string? text = start.Words("text");
        IReadOnlyList<string>? labels = start.Texts("labels");
        string implied = text is not null ? "TEXT" : labels is not null ? "LABELS" : init;
        string kind = start.Text("init", implied).ToUpperInvariant();
        if ((text is not null && kind != "TEXT") || (labels is not null && kind != "LABELS"))
        {
            start.Problem($"start.init is {kind.ToLowerInvariant()}; start.text goes with text only, and start.labels with labels");
        }

        bool configured = start.Get("init") is null && text is null && labels is null;
        int vocabulary = start.Positive("vocabulary_size", 0);
        bool scaled = start.Flag("vocab_std", false);
        // Hugging Face writes the tokenizer's own special tokens around the configuration's text; a text of these options stands as it is.
        string? words = text ?? WordsOf(config, kind == "TEXT", start);
        bool special = start.Flag("special_tokens", text is null);
        switch (kind)
        {
            case "RANDOM":
                return new SoftTokenStart((request, tokens) => Random(request, tokens, scaled));
            case "SAMPLE_VOCAB":
                return new SoftTokenStart((request, tokens) => request.Probe.Embeddings(StartWords.Sample(request, tokens, vocabulary)));
            case "TEXT" when words is not null:
                return new SoftTokenStart((request, tokens) => request.Probe.Embeddings(StartWords.Of(request, words, tokens, special)));
            case "LABELS" when labels is { Count: > 0 }:
                foreach (string blank in labels.Where(string.IsNullOrWhiteSpace).Take(1))
                {
                    start.Problem($"start.labels has '{blank}', a label without words; give the words of the classes");
                }

                return new SoftTokenStart((request, tokens) => Labels(request, tokens, labels, vocabulary));
            case "TEXT" when configured:
                start.Problem("prompt_tuning_init is TEXT, but prompt_tuning_init_text is missing");
                break;
            case "TEXT" or "LABELS":
                start.Problem($"start.init is {kind.ToLowerInvariant()}, but start.{kind.ToLowerInvariant()} is missing");
                break;
            default:
                start.Problem($"{(configured ? "prompt_tuning_init" : "start.init")} is {kind.ToLowerInvariant()}; random, sample_vocab, text and labels are supported");
                break;
        }

        return new SoftTokenStart((request, tokens) => new Tensor(tokens, request.Model.Shape.Sizes.HiddenSize));
    }

    /// <summary>The soft tokens, [tokens, hidden].</summary>
    /// <param name="request">The run.</param>
    /// <param name="tokens">How many.</param>
    public Tensor Create(TrainingRequest request, int tokens) => _create(request, tokens);

    // The configuration's own text; null where there is none.
    private static string? WordsOf(AdapterConfigReader? config, bool needed, StartReader start)
    {
        if (config?.Get("prompt_tuning_init_text") is null)
        {
            return null;
        }

        string words = config.Text("prompt_tuning_init_text", "");
        if (needed && string.IsNullOrWhiteSpace(words))
        {
            start.Problem($"prompt_tuning_init_text is '{words}', a text without words; give the words to start from, or another prompt_tuning_init");
        }

        return words;
    }

    // N(0, 1) as torch's Embedding, or with the deviation that the elements of the base's own embeddings have.
    private static Tensor Random(TrainingRequest request, int tokens, bool scaled)
    {
        float deviation = scaled ? TensorPrimitives.StdDev<float>(request.Model.Weight("model.embed_tokens").Data) : 1;
        return StartValues.Normal(request.Random, deviation, tokens, request.Model.Shape.Sizes.HiddenSize);
    }

    // One soft token a label, the mean of the embeddings of its tokens as they follow a prompt; sampled words fill the rest.
    private static Tensor Labels(TrainingRequest request, int tokens, IReadOnlyList<string> labels, int vocabulary)
    {
        Tensor[] means = [.. labels.Take(tokens).Select(label => Mean(request, label))];
        return means.Length == tokens
            ? TensorOps.Concat(0, means)
            : TensorOps.Concat(0, [.. means, request.Probe.Embeddings(StartWords.Sample(request, tokens - means.Length, vocabulary))]);
    }

    private static Tensor Mean(TrainingRequest request, string label)
    {
        IReadOnlyList<int> ids = request.Probe.Tokenize(" " + label);
        return ids.Count > 0
            ? request.Probe.Embeddings(ids).Sum(0).Scale(1f / ids.Count).Reshape(1, request.Model.Shape.Sizes.HiddenSize)
            : throw new InvalidOptionException("start.labels", $"a label without tokens ('{label}')", "labels of at least one token");
    }
}
