using SkPeft.Peft.PrefixTuning;
using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.Tensors.Ops;
using SkPeft.Tensors.SelfTests;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.PrefixTuning;

/// <summary>E6: a prefix of the rotated keys and the values of real tokens is those tokens in the text.</summary>
public sealed class PrefixIdentityTests
{
    [Theory]
    [MemberData(nameof(Runners.All), MemberType = typeof(Runners))]
    public async Task Prefix_OfTheKeysAndValuesOfRealTokens_IsThoseTokensInTheText(string runner, string kind)
    {
        using IModelRunner model = Runners.Create(runner, kind);
        ModelSizes sizes = model.Base.Shape.Sizes;
        int[] words = Runners.Ids(1, 5, sizes);
        int[] text = Runners.Ids(2, 9, sizes);
        AdapterPackage package = SelfCheck.Adapter(
            $$"""{ "peft_type": "PREFIX_TUNING", "num_virtual_tokens": 5, "token_dim": {{sizes.KeyValueWidth}}, "num_attention_heads": {{sizes.KeyValueHeads}} }""",
            ("prompt_embeddings", await KeysAndValuesAsync(model, words)));

        IReadOnlyList<Effect> effects = new PrefixTuningMethod().Load(package, model.Base.Shape).BuildEffects(model.Base);
        Tensor prefixed = await model.LogitsAsync(text, text.Length, effects);
        Tensor written = await model.LogitsAsync([.. words, .. text], words.Length + text.Length, []);

        prefixed.ShouldBeLogits(written.Rows(words.Length, text.Length));
        prefixed.ShouldNotBeLogits(await model.LogitsAsync(text, text.Length, []));
    }

    /// <summary>The table that Hugging Face would save: [p, layers · 2 · width], keys rotated at positions 0 … p−1.</summary>
    private static async Task<Tensor> KeysAndValuesAsync(IModelRunner model, int[] words)
    {
        ModelSizes sizes = model.Base.Shape.Sizes;
        LinearCapture[] captures = [.. Enumerable.Range(0, 2 * sizes.Layers).Select(i => new LinearCapture(new LinearSite(i / 2, i % 2 == 0 ? LinearKind.Key : LinearKind.Value)))];
        await model.LogitsAsync(words, words.Length, captures);
        ReferenceRope rope = new(10000.0);
        return TensorOps.Concat(1, [.. captures.Select(c => c.Site.Kind == LinearKind.Key ? rope.Rotate(c.Rows, sizes.HeadDim, 0) : c.Rows)]);
    }
}
