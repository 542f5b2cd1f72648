using SkPeft.Tensors;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.Iapt;

/// <summary>
/// Begins a training. Soft tokens start from real words where every token has a bias: W_up = 0 and the biases are the words' hidden states,
/// layer by layer, so that the first step is the base with those words in its context. From random ones a small model falls apart: the text
/// no longer begins at a position that behaves like a first token.
/// </summary>
internal static class IaptStart
{
    /// <summary>The group of the activations' coefficients: it may have a rate, or a split of the data, of its own, or be frozen.</summary>
    public const string ActivationGroup = "activation";

    // Of the projections and the pooler: near enough to 0 that pooling starts nearly uniform.
    private const float Deviation = 0.02f;

    // Any words will do, those of the task do better: start.text.
    private const string DefaultText = "Read the text and answer:";

    public static PeftTraining Begin(IaptMethod method, TrainingRequest request)
    {
        AdapterPackage package = new ConfigDraft(request).Default("num_virtual_tokens", 4).Default("bottleneck", 32).Default("share_group", 1)
            .Default("up_bias", "token").ToPackage(request.Package.Name);
        IaptConfig config = IaptConfig.Read(package);
        StartReader options = new(request);
        bool words = ReadInit(options, config, out string? text);
        options.Finish();
        ParameterSet parameters = new();
        AddProjections(parameters, request, config, words);
        AddLayers(parameters, request, config, words ? request.Probe.HiddenStates(Words(request, text, config.VirtualTokens)) : null);
        return new IaptTraining(method, request, package.Config, parameters);
    }

    private static bool ReadInit(StartReader options, IaptConfig config, out string? text)
    {
        text = options.Words("text");
        string init = options.Text("init", text is not null || config.UpBias == UpBias.Token ? "text" : "random");
        if (init is not ("text" or "random") || (init == "random" && text is not null))
        {
            options.Problem($"start.init is {init}; text (with start.text) and random are supported");
        }
        else if (init == "text" && config.UpBias != UpBias.Token)
        {
            options.Problem("start.init is text; words need a bias for every soft token, up_bias token");
        }

        return init == "text";
    }

    // Without a tokenizer, and without a text that would need one, any tokens of the vocabulary are real words.
    private static int[] Words(TrainingRequest request, string? text, int count) =>
        text is null && !request.Probe.HasTokenizer
            ? StartWords.Sample(request, count)
            : StartWords.Of(request, text ?? DefaultText, count);

    private static void AddProjections(ParameterSet parameters, TrainingRequest request, IaptConfig config, bool words)
    {
        ModelSizes sizes = request.Model.Shape.Sizes;
        for (int group = 0; group < IaptTensors.Groups(config, sizes); group++)
        {
            string down = IaptTensors.Down(group), up = IaptTensors.Up(group);
            parameters.Add(down, down, StartValues.Normal(request.Random, Deviation, config.Bottleneck, sizes.HiddenSize));
            parameters.Add(up, up, words
                ? new Tensor(sizes.HiddenSize, config.Bottleneck)
                : StartValues.Normal(request.Random, Deviation, sizes.HiddenSize, config.Bottleneck));
        }
    }

    private static void AddLayers(ParameterSet parameters, TrainingRequest request, IaptConfig config, IReadOnlyList<Tensor>? states)
    {
        ModelSizes sizes = request.Model.Shape.Sizes;
        for (int layer = 0; layer < sizes.Layers; layer++)
        {
            string pool = IaptTensors.Pool(layer), numerator = IaptTensors.Numerator(layer), denominator = IaptTensors.Denominator(layer), bias = IaptTensors.Bias(layer);
            parameters.Add(pool, pool, StartValues.Normal(request.Random, Deviation, config.VirtualTokens, config.Bottleneck));
            parameters.Add(numerator, numerator, RationalGelu.Numerator(), ActivationGroup, decays: false);
            parameters.Add(denominator, denominator, RationalGelu.Denominator(), ActivationGroup, decays: false);
            if (config.UpBias != UpBias.None)
            {
                int[] shape = config.UpBias == UpBias.Shared ? [sizes.HiddenSize] : [config.VirtualTokens, sizes.HiddenSize];
                parameters.Add(bias, bias, states is null ? new Tensor(shape) : Tensor.From(states[layer].Data, shape));
            }
        }
    }
}
