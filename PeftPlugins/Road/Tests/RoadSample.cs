using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.Road;

public sealed class RoadSample : MethodSample
{
    public override string Config => """
        { "peft_type": "ROAD", "task_type": "CAUSAL_LM", "variant": "road_4", "group_size": 4, "target_modules": ["q_proj", "down_proj"],
          "init_weights": true, "modules_to_save": null, "inference_mode": true }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        .. Layer("0.self_attn.q_proj", 48),
        .. Layer("0.mlp.down_proj", 16),
        .. Layer("1.self_attn.q_proj", 48),
        .. Layer("1.mlp.down_proj", 16),
    ];

    private static IEnumerable<(string, int[])> Layer(string layer, int size) =>
    [
        ($"base_model.model.model.layers.{layer}.road_theta", [size]),
        ($"base_model.model.model.layers.{layer}.road_alpha", [size]),
    ];
}
