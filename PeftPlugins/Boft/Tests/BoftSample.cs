using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.Boft;

/// <summary>Blocks of 2 in two butterfly factors: four of q_proj's 8 inputs, six of down_proj's 12.</summary>
public sealed class BoftSample : MethodSample
{
    public override string Config => """
        { "peft_type": "BOFT", "task_type": "CAUSAL_LM", "boft_block_size": 2, "boft_block_num": 0, "boft_n_butterfly_factor": 2, "boft_dropout": 0.1,
          "target_modules": ["q_proj", "down_proj"], "exclude_modules": null, "fan_in_fan_out": false, "bias": "none", "modules_to_save": null,
          "init_weights": true, "layers_to_transform": null, "layers_pattern": null, "inference_mode": true }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        .. Layer("0.self_attn.q_proj", 4, 24),
        .. Layer("0.mlp.down_proj", 6, 8),
        .. Layer("1.self_attn.q_proj", 4, 24),
        .. Layer("1.mlp.down_proj", 6, 8),
    ];

    private static IEnumerable<(string, int[])> Layer(string layer, int blocks, int outputs) =>
    [
        ($"base_model.model.model.layers.{layer}.boft_R", [2, blocks, 2, 2]),
        ($"base_model.model.model.layers.{layer}.boft_s", [outputs, 1]),
    ];
}
