using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.RandLora;

/// <summary>q_proj [24, 8] and down_proj [8, 12]: inputs and outputs are 12 and 24 at most, which makes 4 bases of rank 3; each layer needs 3.</summary>
public sealed class RandLoraSample : MethodSample
{
    public override string Config => """
        { "peft_type": "RANDLORA", "task_type": "CAUSAL_LM", "r": 3, "randlora_alpha": 2, "target_modules": ["q_proj", "down_proj"], "projection_prng_key": 1,
          "save_projection": true, "sparse": false, "very_sparse": false, "randlora_dropout": 0.0, "fan_in_fan_out": false, "bias": "none",
          "modules_to_save": null, "init_weights": true, "layers_to_transform": null, "layers_pattern": null, "inference_mode": true }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        ("base_model.randlora_A", [3, 1, 12]),
        ("base_model.randlora_B", [24, 4, 3]),
        .. Layer("0.self_attn.q_proj"),
        .. Layer("0.mlp.down_proj"),
        .. Layer("1.self_attn.q_proj"),
        .. Layer("1.mlp.down_proj"),
    ];

    private static IEnumerable<(string, int[])> Layer(string layer) =>
    [
        ($"base_model.model.model.layers.{layer}.randlora_lambda", [3, 3]),
        ($"base_model.model.model.layers.{layer}.randlora_gamma", [3, 8]),
    ];
}
