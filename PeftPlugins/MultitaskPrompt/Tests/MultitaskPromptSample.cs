using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.MultitaskPrompt;

public sealed class MultitaskPromptSample : MethodSample
{
    public override string Config => """
        { "peft_type": "MULTITASK_PROMPT_TUNING", "task_type": "CAUSAL_LM", "num_virtual_tokens": 3, "num_tasks": 4, "num_ranks": 5, "token_dim": 8, "num_layers": 2 }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
        [("prompt_embeddings", [3, 8]), ("prefix_task_cols", [4, 3, 5]), ("prefix_task_rows", [4, 5, 8])];

    public override int? Task => 2;
}
