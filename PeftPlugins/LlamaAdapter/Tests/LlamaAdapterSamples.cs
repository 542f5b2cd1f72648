using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.LlamaAdapter;

public sealed class HuggingFaceLlamaAdapterSample : MethodSample
{
    public override string Config => """
        { "peft_type": "ADAPTION_PROMPT", "task_type": "CAUSAL_LM", "adapter_len": 3, "adapter_layers": 2, "target_modules": "self_attn" }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
        from layer in (int[])[0, 1]
        from tensor in ((string, int[])[])[("adaption_prompt", [1, 3, 8]), ("adaption_gate", [1])]
        select ($"base_model.model.model.layers.{layer}.self_attn.{tensor.Item1}", tensor.Item2);
}

public sealed class PublishedLlamaAdapterSample : MethodSample
{
    public override string Config => """{ "peft_type": "SKPEFT_LLAMA_ADAPTER", "task_type": "CAUSAL_LM", "adapter_len": 3, "adapter_layers": 1 }""";

    public override IEnumerable<(string Name, int[] Shape)> Tensors => [("layers.1.prompt", [3, 8]), ("layers.1.gate", [4])];
}
