using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.Lora;

/// <summary>LoRA with patterns, on linear layers and the embedding, with a norm copied in full.</summary>
public sealed class LoraSample : MethodSample
{
    public override string Config => """
        { "peft_type": "LORA", "task_type": "CAUSAL_LM", "r": 3, "lora_alpha": 6, "target_modules": ["q_proj", "down_proj", "embed_tokens"],
          "rank_pattern": { "layers\\.1\\..*down_proj": 2 }, "alpha_pattern": { "q_proj": 12 }, "modules_to_save": ["post_attention_layernorm"],
          "exclude_modules": "model\\.layers\\.1\\.self_attn\\.q_proj", "lora_dropout": 0.1, "use_rslora": true, "use_dora": true, "bias": "none",
          "fan_in_fan_out": false, "init_lora_weights": true, "inference_mode": true, "peft_version": "0.21.2", "layers_to_transform": null }
        """;

    // DoRA holds the norm of its direction constant on the way back (arXiv 2402.09353, §4.3).
    public override bool GradientIsSlope => false;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        ("base_model.model.model.embed_tokens.lora_embedding_A", [3, 16]),
        ("base_model.model.model.embed_tokens.lora_embedding_B", [8, 3]),
        ("base_model.model.model.embed_tokens.lora_magnitude_vector", [8]),
        ("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight", [3, 8]),
        ("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight", [24, 3]),
        ("base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector", [24]),
        ("base_model.model.model.layers.0.mlp.down_proj.lora_A.weight", [3, 12]),
        ("base_model.model.model.layers.0.mlp.down_proj.lora_B.weight", [8, 3]),
        ("base_model.model.model.layers.0.mlp.down_proj.lora_magnitude_vector", [8]),
        ("base_model.model.model.layers.1.mlp.down_proj.lora_A.weight", [2, 12]),
        ("base_model.model.model.layers.1.mlp.down_proj.lora_B.weight", [8, 2]),
        ("base_model.model.model.layers.1.mlp.down_proj.lora_magnitude_vector", [8]),
        ("base_model.model.model.layers.0.post_attention_layernorm.weight", [8]),
        ("base_model.model.model.layers.1.post_attention_layernorm.weight", [8]),
    ];
}
