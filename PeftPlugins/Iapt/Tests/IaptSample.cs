using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.Iapt;

public sealed class IaptSample : MethodSample
{
    public override string Config => """
        { "peft_type": "SKPEFT_IAPT", "task_type": "CAUSAL_LM", "num_virtual_tokens": 3, "bottleneck": 5, "share_group": 2, "up_bias": "token" }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        ("groups.0.down.weight", [5, 8]),
        ("groups.0.up.weight", [8, 5]),
        .. from layer in (int[])[0, 1]
           from tensor in ((string, int[])[])[("pool.weight", [3, 5]), ("act.numerator", [7]), ("act.denominator", [5]), ("up.bias", [3, 8])]
           select ($"layers.{layer}.{tensor.Item1}", tensor.Item2),
    ];
}
