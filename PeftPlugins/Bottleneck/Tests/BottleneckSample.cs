using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.Bottleneck;

public sealed class BottleneckSample : MethodSample
{
    public override string Config => """
        { "peft_type": "SKPEFT_BOTTLENECK", "task_type": "CAUSAL_LM", "placement": "houlsby", "bottleneck": 3, "activation": "gelu", "scale": 1.0, "inference_mode": true }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
        from layer in (int[])[0, 1]
        from place in (string[])["attention", "mlp"]
        from tensor in ((string, int[])[])[("down.weight", [3, 8]), ("down.bias", [3]), ("up.weight", [8, 3]), ("up.bias", [8])]
        select ($"layers.{layer}.{place}.{tensor.Item1}", tensor.Item2);
}
