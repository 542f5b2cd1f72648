using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.PromptTuning.Infix;

public sealed class InfixPromptSample : MethodSample
{
    public override string Config => """
        { "peft_type": "SKPEFT_INFIX_PROMPT", "task_type": "CAUSAL_LM", "num_virtual_tokens": 3, "prompt_template": "[P1] {text} [P2] [P3]" }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors => [("prompt_embeddings", [3, 8])];

    public override int[] Text => [-1, 3, -2, 4, -3];
}
