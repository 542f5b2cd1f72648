using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.Oft;

/// <summary>Blocks of 4: two of q_proj's 8 inputs, three of down_proj's 12.</summary>
public sealed class OftSample : MethodSample
{
    public override string Config => """
        { "peft_type": "OFT", "task_type": "CAUSAL_LM", "r": 0, "oft_block_size": 4, "module_dropout": 0.1, "target_modules": ["q_proj", "down_proj"],
          "fan_in_fan_out": false, "bias": "none", "exclude_modules": null, "init_weights": true, "layers_to_transform": null, "layers_pattern": null,
          "modules_to_save": null, "coft": false, "eps": 6e-05, "block_share": false, "use_cayley_neumann": true, "num_cayley_neumann_terms": 5,
          "inference_mode": true, "peft_version": "0.21.2" }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        ("base_model.model.model.layers.0.self_attn.q_proj.oft_R.weight", [2, 6]),
        ("base_model.model.model.layers.0.mlp.down_proj.oft_R.weight", [3, 6]),
        ("base_model.model.model.layers.1.self_attn.q_proj.oft_R.weight", [2, 6]),
        ("base_model.model.model.layers.1.mlp.down_proj.oft_R.weight", [3, 6]),
    ];
}
