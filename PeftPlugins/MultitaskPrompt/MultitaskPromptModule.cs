using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.MultitaskPrompt;

/// <summary>A loaded multitask prompt, for one of its tasks: the shared prompt times the task's factor of low rank, element by element.</summary>
/// <param name="config">The configuration.</param>
/// <param name="shared">The shared prompt, [p, hidden].</param>
/// <param name="columns">[tasks, p, ranks].</param>
/// <param name="rows">[tasks, ranks, hidden].</param>
/// <param name="task">The task.</param>
internal sealed class MultitaskPromptModule(MultitaskPromptConfig config, Tensor shared, Tensor columns, Tensor rows, int task) : PeftModule
{
    public const string Shared = "prompt_embeddings";
    public const string Columns = "prefix_task_cols";
    public const string Rows = "prefix_task_rows";

    public override IReadOnlyList<string> MatchedModules { get; } = ["model.embed_tokens"];

    public override int Tasks => config.Tasks;

    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model)
    {
        Tensor left = columns.Slice(0, task, 1).Reshape(config.Keys.VirtualTokens, config.Ranks);
        Tensor right = rows.Slice(0, task, 1).Reshape(config.Ranks, shared[1]);
        return [new PromptEmbeddingsEffect(shared.Multiply(left.MatMul(right)))];
    }
}
