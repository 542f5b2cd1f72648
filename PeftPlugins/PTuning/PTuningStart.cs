using SkPeft.Tensors.Ops;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.PTuning;

/// <summary>
/// Begins a training: learned inputs for every soft token, and the encoder over them. Over several tasks (NeMo's p-tuning) there is one
/// encoder; every task has inputs of its own and becomes an adapter of its own.
/// </summary>
internal static class PTuningStart
{
    private const string Encoder = "prompt_encoder.default";
    private const int DefaultTokens = 20;

    public static PeftTraining Begin(TrainingRequest request)
    {
        ModelSizes sizes = request.Model.Shape.Sizes;
        AdapterPackage package = new ConfigDraft(request).PromptLearning(DefaultTokens, sizes.HiddenSize, sizes.Heads, sizes.Layers)
            .Default("encoder_reparameterization_type", SoftTokenEncoder.Mlp).Default("encoder_hidden_size", sizes.HiddenSize)
            .Default("encoder_num_layers", 2).Default("encoder_dropout", 0.0).ToPackage(request.Package.Name);
        PTuningConfig config = PTuningConfig.Read(package);
        SoftTokenEncoderConfig encoderConfig = SoftTokenEncoderConfig.Read(package);
        StartReader options = new(request);
        IReadOnlyList<string>? taskNames = TaskNames(options, request.Tasks);
        SoftTokenStart start = SoftTokenStart.Read(options);
        options.Finish();

        int tokens = config.Keys.VirtualTokens;
        ParameterSet parameters = new();
        Tensor inputs = parameters.AddUnsaved($"{Encoder}.embedding.weight", Inputs(request, start, tokens, taskNames));
        SoftTokenEncoder encoder = SoftTokenEncoder.Add(parameters, Encoder, encoderConfig, sizes.HiddenSize, request.Random);
        IReadOnlyList<string> names = taskNames
            ?? (request.Tasks == 1 ? [request.Package.Name] : [.. Enumerable.Range(0, request.Tasks).Select(task => $"{request.Package.Name}-{task}")]);
        return new EncodedTraining(
            package.Config, parameters, PTuningModule.TensorName, task => encoder.Encode(inputs.Slice(0, task * tokens, tokens)),
            table => new PTuningModule(config, table), names);
    }

    // The names become those of the adapters, so they must be legal there.
    private static IReadOnlyList<string>? TaskNames(StartReader options, int tasks)
    {
        IReadOnlyList<string>? names = options.Texts("task_names");
        if (names is null)
        {
            return null;
        }

        if (names.Count != tasks || names.Distinct(StringComparer.Ordinal).Count() != tasks)
        {
            options.Problem($"start.task_names has {names.Distinct(StringComparer.Ordinal).Count()} names; the data has {tasks} tasks");
        }

        foreach (string name in names)
        {
            _ = AdapterReference.CheckName(name);
        }

        return names;
    }

    // N(0, 1), or words: the inputs have the width of embeddings. NeMo starts the first inputs of a task with the embeddings of its name.
    private static Tensor Inputs(TrainingRequest request, SoftTokenStart start, int tokens, IReadOnlyList<string>? taskNames)
    {
        Tensor inputs = TensorOps.Concat(0, [.. Enumerable.Range(0, request.Tasks).Select(_ => start.Create(request, tokens))]);
        for (int task = 0; taskNames is not null && task < taskNames.Count; task++)
        {
            int[] words = [.. request.Probe.Tokenize(taskNames[task]).Take(tokens)];
            if (words.Length > 0)
            {
                request.Probe.Embeddings(words).Data.CopyTo(inputs.Rows(task * tokens, words.Length).Data);
            }
        }

        return inputs;
    }
}
