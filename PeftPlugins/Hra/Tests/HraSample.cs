using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.Hra;

public sealed class HraSample : MethodSample
{
    public override string Config => """
        { "peft_type": "HRA", "task_type": "CAUSAL_LM", "r": 3, "apply_GS": false, "target_modules": ["q_proj", "down_proj"], "exclude_modules": null,
          "init_weights": true, "layers_to_transform": null, "layers_pattern": null, "bias": "none", "modules_to_save": null, "inference_mode": true }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        ("base_model.model.model.layers.0.self_attn.q_proj.hra_u", [8, 3]),
        ("base_model.model.model.layers.0.mlp.down_proj.hra_u", [12, 3]),
        ("base_model.model.model.layers.1.self_attn.q_proj.hra_u", [8, 3]),
        ("base_model.model.model.layers.1.mlp.down_proj.hra_u", [12, 3]),
    ];
}
