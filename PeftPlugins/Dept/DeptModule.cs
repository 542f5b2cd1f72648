using SkPeft.Tensors.Effects;
using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Dept;

/// <summary>A loaded DePT adapter: soft tokens in front, and a table A B of low rank that is added to the text's embeddings by position.</summary>
internal sealed class DeptModule(DeptConfig config, Tensor prompt, Tensor a, Tensor b) : PeftModule
{
    /// <summary>The soft tokens, [p, hidden].</summary>
    public const string Prompt = "prompt_embeddings";

    /// <summary>A, [max_length, r].</summary>
    public const string A = "lora_A";

    /// <summary>B, [r, hidden].</summary>
    public const string B = "lora_B";

    public override IReadOnlyList<string> MatchedModules { get; } = ["model.embed_tokens"];

    public override IReadOnlyList<Effect> BuildEffects(IBaseModel model) =>
        [new PromptEmbeddingsEffect(prompt), new AddedPositionsEffect(a.MatMul(b).Scale(config.Scale))];
}
