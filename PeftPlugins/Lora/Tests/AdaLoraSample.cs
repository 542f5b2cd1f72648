using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.Lora;

/// <summary>AdaLoRA of which training pruned one row in layer 0 and every row in layer 1.</summary>
public sealed class AdaLoraSample : MethodSample
{
    public override string Config => """
        { "peft_type": "ADALORA", "task_type": "CAUSAL_LM", "init_r": 3, "target_r": 2, "r": 8, "lora_alpha": 6, "target_modules": ["v_proj", "lm_head"],
          "rank_pattern": { "model.layers.0.self_attn.v_proj.lora_E": [true, false, true], "model.layers.1.self_attn.v_proj.lora_E": [false, false, false] },
          "beta1": 0.85, "beta2": 0.85, "deltaT": 1, "tinit": 0, "tfinal": 0, "total_step": 100, "orth_reg_weight": 0.5, "inference_mode": true }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        ("base_model.model.lm_head.lora_A", [3, 8]),
        ("base_model.model.lm_head.lora_B", [16, 3]),
        ("base_model.model.lm_head.lora_E", [3, 1]),
        ("base_model.model.model.layers.0.self_attn.v_proj.lora_A", [2, 8]),
        ("base_model.model.model.layers.0.self_attn.v_proj.lora_B", [12, 2]),
        ("base_model.model.model.layers.0.self_attn.v_proj.lora_E", [2, 1]),
        ("base_model.model.model.layers.1.self_attn.v_proj.lora_A", [0, 8]),
        ("base_model.model.model.layers.1.self_attn.v_proj.lora_B", [12, 0]),
        ("base_model.model.model.layers.1.self_attn.v_proj.lora_E", [0, 1]),
    ];
}
