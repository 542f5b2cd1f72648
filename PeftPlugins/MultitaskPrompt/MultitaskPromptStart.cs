using SkPeft.Tensors;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.MultitaskPrompt;

/// <summary>Begins a training: from a drawn or textual shared prompt, or from the prompts of source tasks, as Hugging Face PEFT does.</summary>
internal static class MultitaskPromptStart
{
    private const string Encoder = "prompt_encoder.default";
    private const int DefaultTokens = 20;

    // Of the factors. Their products are tiny, so the first prompts nearly vanish; the norm in front of the first layer takes the size out.
    private const float Deviation = 0.02f;

    public static PeftTraining Begin(MultitaskPromptMethod method, TrainingRequest request)
    {
        ModelSizes sizes = request.Model.Shape.Sizes;
        AdapterPackage package = new ConfigDraft(request).PromptLearning(DefaultTokens, sizes.HiddenSize, sizes.Heads, sizes.Layers)
            .Default("num_tasks", request.Tasks).Default("num_ranks", 1).Default("prompt_tuning_init", "RANDOM").ToPackage(request.Package.Name);
        MultitaskPromptConfig config = MultitaskPromptConfig.Read(package);
        if (request.Tasks > config.Tasks)
        {
            throw new AdapterOptionException(package.Name, package.PeftType, [$"num_tasks is {config.Tasks}; the data has {request.Tasks} tasks"]);
        }

        int tokens = config.Keys.VirtualTokens;
        AdapterConfigReader reader = new(package);
        Tensor shared, columns, rows;
        if (SourceTasks.Names(reader.Text("prompt_tuning_init", "")))
        {
            new StartReader(request).Finish();
            (shared, columns, rows) = SourceTasks.Read(package, config, reader, sizes.HiddenSize, request.Random);
        }
        else
        {
            StartReader options = new(request);
            SoftTokenStart start = SoftTokenStart.Read(options, reader);
            options.Finish();
            shared = start.Create(request, tokens);
            (columns, rows) = Factors(config, sizes.HiddenSize, request.Random);
        }

        ParameterSet parameters = new();
        parameters.Add(MultitaskPromptModule.Columns, $"{Encoder}.{MultitaskPromptModule.Columns}", columns);
        parameters.Add(MultitaskPromptModule.Rows, $"{Encoder}.{MultitaskPromptModule.Rows}", rows);
        parameters.Add(MultitaskPromptModule.Shared, $"{Encoder}.embedding.weight", shared);
        return new DirectTraining(method, request, package.Config, parameters, config.Tasks);
    }

    /// <summary>Drawn factors for all tasks.</summary>
    public static (Tensor Columns, Tensor Rows) Factors(MultitaskPromptConfig config, int hidden, Random random) =>
        (StartValues.Normal(random, Deviation, config.Tasks, config.Keys.VirtualTokens, config.Ranks),
         StartValues.Normal(random, Deviation, config.Tasks, config.Ranks, hidden));
}
