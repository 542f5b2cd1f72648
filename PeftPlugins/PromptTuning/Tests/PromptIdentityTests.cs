using SkPeft.Peft.PromptTuning;
using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.PeftPlugins.Tests.PromptTuning;

/// <summary>E5: virtual tokens occupy positions. Masks, positions and cache are all in this one comparison.</summary>
public sealed class PromptIdentityTests
{
    [Theory]
    [MemberData(nameof(Runners.All), MemberType = typeof(Runners))]
    public async Task Prompt_OfTheEmbeddingsOfRealTokens_IsThoseTokensInTheText(string runner, string kind)
    {
        using IModelRunner model = Runners.Create(runner, kind);
        ModelSizes sizes = model.Base.Shape.Sizes;
        int[] words = Runners.Ids(1, 5, sizes);
        int[] text = Runners.Ids(2, 9, sizes);
        AdapterPackage package = SelfCheck.Adapter(
            $$"""{ "peft_type": "PROMPT_TUNING", "num_virtual_tokens": 5, "token_dim": {{sizes.HiddenSize}} }""",
            ("prompt_embeddings", model.Base.Weight("model.embed_tokens").Gather(words)));

        IReadOnlyList<Effect> effects = new PromptTuningMethod().Load(package, model.Base.Shape).BuildEffects(model.Base);
        Tensor prompted = await model.LogitsAsync(text, text.Length, effects);
        Tensor written = await model.LogitsAsync([.. words, .. text], words.Length + text.Length, []);

        prompted.ShouldBeLogits(written.Rows(words.Length, text.Length));
        prompted.ShouldNotBeLogits(await model.LogitsAsync(text, text.Length, []));
    }
}
