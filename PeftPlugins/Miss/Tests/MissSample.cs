using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.Miss;

/// <summary>q_proj [24, 8] and down_proj [8, 12] in shards of 3, which do not divide 8.</summary>
public sealed class MissSample : MethodSample
{
    public override string Config => """
        { "peft_type": "MISS", "task_type": "CAUSAL_LM", "r": 3, "mini_r": 1, "miss_dropout": 0.0, "target_modules": ["q_proj", "down_proj"],
          "exclude_modules": null, "init_weights": true, "layers_to_transform": null, "layers_pattern": null, "bias": "none", "modules_to_save": null,
          "inference_mode": true }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        ("base_model.model.model.layers.0.self_attn.q_proj.miss_block", [3, 24]),
        ("base_model.model.model.layers.0.mlp.down_proj.miss_block", [3, 8]),
        ("base_model.model.model.layers.1.self_attn.q_proj.miss_block", [3, 24]),
        ("base_model.model.model.layers.1.mlp.down_proj.miss_block", [3, 8]),
    ];
}
