using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.PromptTuning;

public sealed class PromptTuningSample : MethodSample
{
    public override string Config => """{ "peft_type": "PROMPT_TUNING", "task_type": "CAUSAL_LM", "num_virtual_tokens": 3, "token_dim": 8, "num_layers": 2 }""";

    public override IEnumerable<(string Name, int[] Shape)> Tensors => [("prompt_embeddings", [3, 8])];
}
