using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.Ia3;

public sealed class Ia3Sample : MethodSample
{
    public override string Config => """
        { "peft_type": "IA3", "task_type": "CAUSAL_LM", "target_modules": ["k_proj", "down_proj"], "feedforward_modules": ["down_proj"],
          "fan_in_fan_out": false, "init_ia3_weights": true, "modules_to_save": null, "exclude_modules": null, "inference_mode": true }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        ("base_model.model.model.layers.0.self_attn.k_proj.ia3_l", [12, 1]),
        ("base_model.model.model.layers.0.mlp.down_proj.ia3_l", [1, 12]),
        ("base_model.model.model.layers.1.self_attn.k_proj.ia3_l", [12, 1]),
        ("base_model.model.model.layers.1.mlp.down_proj.ia3_l", [1, 12]),
    ];
}
