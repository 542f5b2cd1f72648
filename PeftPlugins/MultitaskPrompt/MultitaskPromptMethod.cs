using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.MultitaskPrompt;

/// <summary>Multitask prompt tuning: one prompt, and a factor of low rank for every task (Wang et al., arXiv 2303.02861), as Hugging Face PEFT saves it.</summary>
public sealed class MultitaskPromptMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["MULTITASK_PROMPT_TUNING"];

    /// <inheritdoc/>
    public string Description => "Multitask prompt tuning: one prompt, and a low-rank factor for every task (Wang et al. 2023, arXiv 2303.02861)";

    /// <inheritdoc/>
    /// <exception cref="InvalidOptionException">No task was asked for, or one that the file does not have.</exception>
    public PeftModule Load(AdapterPackage package, ModelShape shape)
    {
        MultitaskPromptConfig config = MultitaskPromptConfig.Read(package);
        int hidden = shape.Sizes.HiddenSize;
        int tokens = config.Keys.VirtualTokens;
        AdapterTensors tensors = new(package);
        Tensor shared = tensors.Take(MultitaskPromptModule.Shared, tokens, hidden);
        Tensor columns = tensors.Take(MultitaskPromptModule.Columns, config.Tasks, tokens, config.Ranks);
        Tensor rows = tensors.Take(MultitaskPromptModule.Rows, config.Tasks, config.Ranks, hidden);
        tensors.Finish();
        config.Keys.RequireBase(package.Name, hidden, null, shape.Sizes.Layers);
        return new MultitaskPromptModule(config, shared, columns, rows, TaskOf(package, config.Tasks));
    }

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) => MultitaskPromptStart.Begin(this, request);

    /// <inheritdoc/>
    public void SelfTest()
    {
        // Two tasks, one soft token, rank 2. Task 1: (1, 2) · ((3, 4), (5, 6)) = (13, 16), times (10, 100).
        ModelShape shape = new(new ModelSizes { Layers = 1, HiddenSize = 2, Heads = 1, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 2, VocabularySize = 3 });
        AdapterPackage file = SelfCheck.Adapter(
            """{ "peft_type": "MULTITASK_PROMPT_TUNING", "num_virtual_tokens": 1, "num_tasks": 2, "num_ranks": 2 }""",
            (MultitaskPromptModule.Shared, Tensor.From([10, 100], 1, 2)),
            (MultitaskPromptModule.Columns, Tensor.From([0, 0, 1, 2], 2, 1, 2)),
            (MultitaskPromptModule.Rows, Tensor.From([9, 9, 9, 9, 3, 4, 5, 6], 2, 2, 2)));
        AdapterPackage package = new(file.Name, file.Config, file.Tensors) { Task = 1 };

        IReadOnlyList<Effect> effects = Load(package, shape).BuildEffects(new TinyBase(shape.Sizes));

        SelfCheck.That("There is one effect, on the prompt", effects is [PromptEmbeddingsEffect]);
        SelfCheck.Equal("The prompt of task 1", ((PromptEmbeddingsEffect)effects[0]).Embeddings, 130, 1600);
    }

    // Which of several tasks is meant cannot be guessed: each is another function.
    private static int TaskOf(AdapterPackage package, int tasks)
    {
        if (package.Task is null && tasks == 1)
        {
            return 0;
        }

        return package.Task is { } task && task >= 0 && task < tasks
            ? task
            : throw new InvalidOptionException(
                "task id", package.Task is { } wrong ? $"{wrong}" : "none", $"0 to {tasks - 1}: adapter '{package.Name}' holds {tasks} tasks (--task-id N)");
    }
}
