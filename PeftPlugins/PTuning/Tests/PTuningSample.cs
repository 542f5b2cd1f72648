using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.PTuning;

public sealed class PTuningSample : MethodSample
{
    public override string Config => """{ "peft_type": "P_TUNING", "task_type": "CAUSAL_LM", "num_virtual_tokens": 3, "token_dim": 8, "encoder_hidden_size": 5 }""";

    public override IEnumerable<(string Name, int[] Shape)> Tensors => [("prompt_embeddings", [3, 8])];
}
