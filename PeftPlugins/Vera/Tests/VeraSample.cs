using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.Vera;

/// <summary>q_proj [24, 8] and down_proj [8, 12]: the shared matrices are [3, 12] and [24, 3], larger than either layer needs.</summary>
public sealed class VeraSample : MethodSample
{
    public override string Config => """
        { "peft_type": "VERA", "task_type": "CAUSAL_LM", "r": 3, "target_modules": ["q_proj", "down_proj"], "projection_prng_key": 7, "save_projection": true,
          "vera_dropout": 0.1, "d_initial": 0.1, "fan_in_fan_out": false, "bias": "none", "modules_to_save": null, "init_weights": true,
          "layers_to_transform": null, "layers_pattern": null, "inference_mode": true }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        ("base_model.vera_A", [3, 12]),
        ("base_model.vera_B", [24, 3]),
        .. Layer("0.self_attn.q_proj", 24),
        .. Layer("0.mlp.down_proj", 8),
        .. Layer("1.self_attn.q_proj", 24),
        .. Layer("1.mlp.down_proj", 8),
    ];

    private static IEnumerable<(string, int[])> Layer(string layer, int outputs) =>
    [
        ($"base_model.model.model.layers.{layer}.vera_lambda_b", [outputs]),
        ($"base_model.model.model.layers.{layer}.vera_lambda_d", [3]),
    ];
}
