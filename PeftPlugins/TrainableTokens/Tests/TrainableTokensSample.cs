using SkPeft.PeftPlugins.Tests.Conformance;

namespace SkPeft.PeftPlugins.Tests.TrainableTokens;

/// <summary>Three tokens, of which the text of the conformance tests has two, in both tables.</summary>
public sealed class TrainableTokensSample : MethodSample
{
    public override string Config => """
        { "peft_type": "TRAINABLE_TOKENS", "task_type": "CAUSAL_LM", "token_indices": [4, 1, 9], "target_modules": ["embed_tokens", "lm_head"], "init_weights": true }
        """;

    public override IEnumerable<(string Name, int[] Shape)> Tensors =>
    [
        ("base_model.model.model.embed_tokens.trainable_tokens_delta", [3, 8]),
        ("base_model.model.lm_head.trainable_tokens_delta", [3, 8]),
    ];
}
