using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.LoHa;

public sealed class LoHaSample : MethodSample
{
    public override string Config => """
        { "peft_type": "LOHA", "task_type": "CAUSAL_LM", "r": 2, "alpha": 6, "target_modules": ["q_proj", "down_proj"], "rank_pattern": { "down_proj": 3 },
          "alpha_pattern": {}, "exclude_modules": null, "init_weights": true, "layers_pattern": null, "layers_to_transform": null, "rank_dropout": 0.1,
          "module_dropout": 0.0, "modules_to_save": null, "use_effective_conv2d": false, "inference_mode": true }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        .. Layer("0.self_attn.q_proj", 24, 8, 2),
        .. Layer("0.mlp.down_proj", 8, 12, 3),
        .. Layer("1.self_attn.q_proj", 24, 8, 2),
        .. Layer("1.mlp.down_proj", 8, 12, 3),
    ];

    private static IEnumerable<(string, int[])> Layer(string layer, int outputs, int inputs, int rank)
    {
        string name = $"base_model.model.model.layers.{layer}.hada_";
        return [(name + "w1_a", [outputs, rank]), (name + "w1_b", [rank, inputs]), (name + "w2_a", [outputs, rank]), (name + "w2_b", [rank, inputs])];
    }
}
