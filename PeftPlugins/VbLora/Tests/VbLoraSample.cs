using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.VbLora;

/// <summary>q_proj [24, 8] and down_proj [8, 12], in pieces of 4.</summary>
public sealed class VbLoraSample : MethodSample
{
    public override string Config => """
        { "peft_type": "VBLORA", "task_type": "CAUSAL_LM", "r": 3, "num_vectors": 5, "vector_length": 4, "topk": 2, "target_modules": ["q_proj", "down_proj"],
          "save_only_topk_weights": false, "vblora_dropout": 0.0, "fan_in_fan_out": false, "bias": "none", "modules_to_save": null,
          "init_vector_bank_bound": 0.02, "init_logits_std": 0.1, "layers_to_transform": null, "layers_pattern": null, "exclude_modules": null,
          "inference_mode": true }
        """;

    // The best K logits are others a small step away.
    public override bool GradientIsSlope => false;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        ("base_model.vblora_vector_bank", [5, 4]),
        .. Layer("0.self_attn.q_proj", 6, 2),
        .. Layer("0.mlp.down_proj", 2, 3),
        .. Layer("1.self_attn.q_proj", 6, 2),
        .. Layer("1.mlp.down_proj", 2, 3),
    ];

    private static IEnumerable<(string, int[])> Layer(string layer, int outputs, int inputs) =>
    [
        ($"base_model.model.model.layers.{layer}.vblora_logits_A", [3, inputs, 5]),
        ($"base_model.model.model.layers.{layer}.vblora_logits_B", [outputs, 3, 5]),
    ];
}
