using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.FourierFt;

public sealed class FourierFtSample : MethodSample
{
    public override string Config => """
        { "peft_type": "FOURIERFT", "task_type": "CAUSAL_LM", "n_frequency": 20, "n_frequency_pattern": { "down_proj": 7 }, "scaling": 40.0,
          "random_loc_seed": 5, "target_modules": ["q_proj", "down_proj"], "exclude_modules": null, "fan_in_fan_out": false, "bias": "none",
          "modules_to_save": null, "init_weights": false, "layers_to_transform": null, "layers_pattern": null, "inference_mode": true }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        ("base_model.model.model.layers.0.self_attn.q_proj.fourierft_spectrum", [20]),
        ("base_model.model.model.layers.0.mlp.down_proj.fourierft_spectrum", [7]),
        ("base_model.model.model.layers.1.self_attn.q_proj.fourierft_spectrum", [20]),
        ("base_model.model.model.layers.1.mlp.down_proj.fourierft_spectrum", [7]),
    ];
}
