using SkPeft.Tensors;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.PrefixTuning;

/// <summary>
/// Begins a training: of the keys and values themselves, or of a network that makes them (<c>prefix_projection</c>, dropped when the prefix
/// is saved). Keys and values of real words are by far the best start (arXiv 2101.00190, §7.4).
/// </summary>
internal static class PrefixStart
{
    private const string Encoder = "prompt_encoder.default";
    private const int DefaultTokens = 10;

    public static PeftTraining Begin(PrefixTuningMethod method, TrainingRequest request)
    {
        ModelSizes sizes = request.Model.Shape.Sizes;
        AdapterPackage package = new ConfigDraft(request).PromptLearning(DefaultTokens, sizes.KeyValueWidth, sizes.KeyValueHeads, sizes.Layers)
            .Default("prefix_projection", false).Default("encoder_hidden_size", sizes.KeyValueWidth).ToPackage(request.Package.Name);
        PrefixTuningConfig config = PrefixTuningConfig.Read(package);
        config.Keys.RequireBase(package.Name, sizes.KeyValueWidth, sizes.KeyValueHeads, sizes.Layers);
        AdapterConfigReader reader = new(package);
        bool projection = reader.Flag("prefix_projection", false);
        StartReader options = new(request);
        (string init, string? text, int vocabulary) = ReadInit(options, reader, projection);
        options.Finish();

        int width = 2 * sizes.Layers * sizes.KeyValueWidth;
        ParameterSet parameters = new();
        if (!projection)
        {
            Tensor start = init switch
            {
                "text" => OfWords(request, StartWords.Of(request, text!, config.Keys.VirtualTokens)),
                "sample_vocab" => OfWords(request, StartWords.Sample(request, config.Keys.VirtualTokens, vocabulary)),
                "zero" => new Tensor(config.Keys.VirtualTokens, width),
                _ => StartValues.Normal(request.Random, 1, config.Keys.VirtualTokens, width),
            };
            parameters.Add(PrefixTuningModule.TensorName, $"{Encoder}.embedding.weight", start);
            return new DirectTraining(method, request, package.Config, parameters);
        }

        int hidden = reader.Integer("encoder_hidden_size", 0);
        if (hidden < 1)
        {
            throw new AdapterOptionException(package.Name, package.PeftType, [$"encoder_hidden_size is {hidden}; at least 1 can be trained"]);
        }

        Tensor inputs = parameters.AddUnsaved($"{Encoder}.embedding.weight", StartValues.Normal(request.Random, 1, config.Keys.VirtualTokens, sizes.KeyValueWidth));
        DenseLayer first = DenseLayer.Add(parameters, $"{Encoder}.transform.0", hidden, sizes.KeyValueWidth, request.Random);
        DenseLayer second = DenseLayer.Add(parameters, $"{Encoder}.transform.2", width, hidden, request.Random);
        if (init == "zero")
        {
            second.Weight.Data.Clear();
            second.Bias.Data.Clear();
        }

        return new EncodedTraining(
            package.Config, parameters, PrefixTuningModule.TensorName, _ => second.Apply(first.Apply(inputs).Tanh()),
            table => new PrefixTuningModule(config, sizes.Layers, table), [request.Package.Name]);
    }

    /// <summary>The table of the words' own keys (rotated) and values: the adapter begins as those words in the context.</summary>
    private static Tensor OfWords(TrainingRequest request, int[] words) =>
        TensorOps.Concat(1, [.. request.Probe.KeysAndValues(words).SelectMany(layer => (Tensor[])[layer.Keys, layer.Values])]);

    private static (string Init, string? Text, int Vocabulary) ReadInit(StartReader options, AdapterConfigReader config, bool projection)
    {
        string? text = options.Words("text");
        string init = options.Text("init", text is not null ? "text" : config.Text("init_weights", "random"));
        int vocabulary = options.Positive("vocabulary_size", 0);
        if (init is not ("random" or "zero" or "text" or "sample_vocab"))
        {
            options.Problem($"the start (start.init, init_weights) is {init}; random, zero, text and sample_vocab are supported");
        }
        else if (init == "text" && text is null)
        {
            options.Problem("start.init is text, but start.text is missing");
        }
        else if (init != "text" && text is not null)
        {
            options.Problem($"start.init is {init}; start.text goes with text only");
        }
        else if (vocabulary > 0 && init != "sample_vocab")
        {
            options.Problem($"start.init is {init} and start.vocabulary_size is {vocabulary}; it goes with sample_vocab");
        }
        else if (init is "text" or "sample_vocab" && projection)
        {
            options.Problem($"start.init is {init} and prefix_projection is true; words are a start for keys and values that are trained directly");
        }

        return (init, text, vocabulary);
    }
}
