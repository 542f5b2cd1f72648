using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.PrefixTuning;

public sealed class PrefixTuningSample : MethodSample
{
    public override string Config => """
        { "peft_type": "PREFIX_TUNING", "task_type": "CAUSAL_LM", "num_virtual_tokens": 3, "token_dim": 12, "num_layers": 2, "num_attention_heads": 2 }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors => [("prompt_embeddings", [3, 48])];
}
