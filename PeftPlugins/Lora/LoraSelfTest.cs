using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.Lora;

/// <summary>Small adapters whose effects were computed by hand.</summary>
internal static class LoraSelfTest
{
    private const string Query = "model.layers.0.self_attn.q_proj";
    private const string Name = AdapterTensors.Prefix + Query;

    /// <summary>DoRA on the query projection, with s = 6/2 = 3.</summary>
    public static void Run(LoraMethod method)
    {
        TinyBase model = new((Query, Tensor.From([1, 0, 0, 2], 2, 2)));
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "LORA", "r": 2, "lora_alpha": 6, "use_dora": true, "target_modules": ["q_proj"] }""",
            (Name + ".lora_A.weight", Tensor.From([1, 0, 0, 1], 2, 2)),
            (Name + ".lora_B.weight", Tensor.From([0, 1, -1, 0], 2, 2)),
            (Name + ".lora_magnitude_vector", Tensor.From([20, 1], 2)));

        // W + 3 B A = [[1, 3], [-3, 2]]: rows of length √10 and √13.
        float first = 20 / MathF.Sqrt(10);
        float second = 1 / MathF.Sqrt(13);
        IReadOnlyList<Effect> effects = method.Load(package, model.Shape).BuildEffects(model);
        OutputScaleEffect scale = (OutputScaleEffect)effects[0];
        LowRankEffect low = (LowRankEffect)effects[1];
        SelfCheck.Equal("the magnitude over the length of W + 3 B A", scale.Scale, first, second);
        SelfCheck.Equal("B", low.B, 0, first, -second, 0);
        SelfCheck.Equal("the scale", Tensor.From([low.Scale], 1), 3);
    }

    /// <summary>AdaLoRA with one of two rows pruned: s stays 3/(2 + 1e-5).</summary>
    public static void RunAdaptive(AdaLoraMethod method)
    {
        TinyBase model = new();
        AdapterPackage package = SelfCheck.Adapter(
            $$"""{ "peft_type": "ADALORA", "init_r": 2, "lora_alpha": 3, "target_modules": ["q_proj"], "rank_pattern": { "{{Query}}.lora_E": [true, false] } }""",
            (Name + ".lora_A", Tensor.From([5, 7], 1, 2)),
            (Name + ".lora_B", Tensor.From([1, 2], 2, 1)),
            (Name + ".lora_E", Tensor.From([-2], 1, 1)));
        LowRankEffect low = (LowRankEffect)method.Load(package, model.Shape).BuildEffects(model).Single();
        SelfCheck.Equal("A ⊙ E", low.A, -10, -14);
        SelfCheck.Equal("B", low.B, 1, 2);
        SelfCheck.Equal("the scale", Tensor.From([low.Scale], 1), 1.4999925f);
    }
}
