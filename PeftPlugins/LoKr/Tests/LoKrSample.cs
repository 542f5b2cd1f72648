using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.LoKr;

/// <summary>q_proj [24, 8]: 24 = 4 · 6, 8 = 2 · 4; down_proj [8, 12]: 8 = 2 · 4, 12 = 3 · 4.</summary>
public sealed class LoKrSample : MethodSample
{
    public override string Config => """
        { "peft_type": "LOKR", "task_type": "CAUSAL_LM", "r": 1, "alpha": 2, "target_modules": ["q_proj", "down_proj"], "rank_pattern": { "q_proj": 2 },
          "alpha_pattern": {}, "decompose_both": true, "decompose_factor": -1, "exclude_modules": null, "init_weights": "lycoris", "layers_pattern": null,
          "layers_to_transform": null, "rank_dropout": 0.0, "rank_dropout_scale": true, "module_dropout": 0.0, "modules_to_save": null,
          "use_effective_conv2d": false, "inference_mode": true }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        .. Layer("0.self_attn.q_proj", ("w1", [4, 2]), ("w2_a", [6, 2]), ("w2_b", [2, 4])),
        .. Layer("0.mlp.down_proj", ("w1_a", [2, 1]), ("w1_b", [1, 3]), ("w2_a", [4, 1]), ("w2_b", [1, 4])),
        .. Layer("1.self_attn.q_proj", ("w1", [4, 2]), ("w2_a", [6, 2]), ("w2_b", [2, 4])),
        .. Layer("1.mlp.down_proj", ("w1_a", [2, 1]), ("w1_b", [1, 3]), ("w2_a", [4, 1]), ("w2_b", [1, 4])),
    ];

    private static IEnumerable<(string, int[])> Layer(string layer, params (string Name, int[] Shape)[] parts) =>
        parts.Select(p => ($"base_model.model.model.layers.{layer}.lokr_{p.Name}", p.Shape));
}
