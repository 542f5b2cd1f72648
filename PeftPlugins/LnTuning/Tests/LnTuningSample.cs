using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.LnTuning;

/// <summary>The norms before attention and a linear layer.</summary>
public sealed class LnTuningSample : MethodSample
{
    public override string Config => """
        { "peft_type": "LN_TUNING", "task_type": "CAUSAL_LM", "target_modules": ["input_layernorm", "v_proj"], "modules_to_save": ["model.norm"], "exclude_modules": null }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        ("base_model.model.model.layers.0.input_layernorm.ln_tuning_layers.weight", [8]),
        ("base_model.model.model.layers.1.input_layernorm.ln_tuning_layers.weight", [8]),
        ("base_model.model.model.layers.0.self_attn.v_proj.ln_tuning_layers.weight", [12, 8]),
        ("base_model.model.model.layers.1.self_attn.v_proj.ln_tuning_layers.weight", [12, 8]),
        ("base_model.model.model.norm.weight", [8]),
    ];
}
