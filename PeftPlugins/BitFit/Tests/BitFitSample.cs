using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.BitFit;

public sealed class BitFitSample : MethodSample
{
    public override string Config => """{ "peft_type": "SKPEFT_BITFIT", "task_type": "CAUSAL_LM", "target_modules": ["up_proj", "o_proj"], "inference_mode": true }""";

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        ("model.layers.0.mlp.up_proj.bitfit_bias", [12]),
        ("model.layers.0.self_attn.o_proj.bitfit_bias", [8]),
        ("model.layers.1.mlp.up_proj.bitfit_bias", [12]),
        ("model.layers.1.self_attn.o_proj.bitfit_bias", [8]),
    ];
}
