using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.Dept;

public sealed class DeptSample : MethodSample
{
    public override string Config => """{ "peft_type": "SKPEFT_DEPT", "task_type": "CAUSAL_LM", "num_virtual_tokens": 3, "r": 5, "lora_alpha": 4, "max_length": 7 }""";

    public override IEnumerable<(string Name, int[] Shape)> Tensors => [("prompt_embeddings", [3, 8]), ("lora_A", [7, 5]), ("lora_B", [5, 8])];
}
