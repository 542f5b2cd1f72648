using SkPeft.Peft.Iapt;
using SkPeft.PeftPlugins.Tests.Identity;
using SkPeft.Tensors.Ops;

namespace SkPeft.PeftPlugins.Tests.Iapt;

/// <summary>With W_up = 0 and the hidden states of real tokens as biases, layer by layer, the soft tokens are those tokens in the text.</summary>
public sealed class IaptIdentityTests
{
    [Theory]
    [MemberData(nameof(Runners.All), MemberType = typeof(Runners))]
    public async Task SoftTokens_OfTheHiddenStatesOfRealTokens_AreThoseTokensInTheText(string runner, string kind)
    {
        using IModelRunner model = Runners.Create(runner, kind);
        ModelSizes sizes = model.Base.Shape.Sizes;
        int[] words = Runners.Ids(1, 4, sizes);
        int[] text = Runners.Ids(2, 9, sizes);
        IaptFile file = new(sizes.Layers, sizes.HiddenSize, words.Length, bottleneck: 3, shareGroup: 2, "token");
        foreach (string name in file.Tensors.Keys.Where(n => n.EndsWith("up.weight", StringComparison.Ordinal)).ToArray())
        {
            file.Tensors[name] = new Tensor(file.Tensors[name].Shape);
        }

        IReadOnlyList<Tensor> states = await HiddenStatesAsync(model, words);
        for (int layer = 0; layer < sizes.Layers; layer++)
        {
            file.Tensors[$"layers.{layer}.up.bias"] = states[layer];
        }

        IReadOnlyList<Effect> effects = new IaptMethod().Load(file.Package(), model.Base.Shape).BuildEffects(model.Base);
        Tensor generated = await model.LogitsAsync(text, 6, effects);
        Tensor written = await model.LogitsAsync([.. words, .. text], words.Length + text.Length, []);

        generated.ShouldBeLogits(written.Rows(words.Length, text.Length));
        generated.ShouldNotBeLogits(await model.LogitsAsync(text, 6, []));
    }

    [Theory]
    [MemberData(nameof(Runners.All), MemberType = typeof(Runners))]
    public async Task SoftTokens_WhateverFollowsTheInstruction_AreTheSame(string runner, string kind)
    {
        using IModelRunner model = Runners.Create(runner, kind);
        ModelSizes sizes = model.Base.Shape.Sizes;
        int[] instruction = Runners.Ids(3, 6, sizes);
        IaptFile file = new(sizes.Layers, sizes.HiddenSize, tokens: 3, bottleneck: 4, shareGroup: 1, "shared");
        IReadOnlyList<Effect> effects = new IaptMethod().Load(file.Package(), model.Base.Shape).BuildEffects(model.Base);

        Tensor one = await model.LogitsAsync([.. instruction, .. Runners.Ids(4, 5, sizes)], instruction.Length, effects);
        Tensor other = await model.LogitsAsync([.. instruction, .. Runners.Ids(5, 2, sizes)], instruction.Length, effects);
        Tensor all = await model.LogitsAsync([.. instruction, .. Runners.Ids(5, 2, sizes)], instruction.Length + 2, effects);

        one.Rows(0, instruction.Length).ShouldBeLogits(other.Rows(0, instruction.Length));
        all.Rows(0, instruction.Length).ShouldNotBeLogits(other.Rows(0, instruction.Length));
    }

    /// <summary>The residual stream before every layer: embeddings plus what the sub-layers below added.</summary>
    private static async Task<IReadOnlyList<Tensor>> HiddenStatesAsync(IModelRunner model, int[] words)
    {
        int layers = model.Base.Shape.Sizes.Layers;
        SubLayerCapture[] captures = [.. Enumerable.Range(0, 2 * layers).Select(i => new SubLayerCapture(i / 2, i % 2 == 0 ? SubLayerKind.Attention : SubLayerKind.Mlp))];
        await model.LogitsAsync(words, words.Length, captures);
        List<Tensor> states = [model.Base.Weight("model.embed_tokens").Gather(words)];
        for (int layer = 0; layer + 1 < layers; layer++)
        {
            states.Add(states[layer].Add(captures[2 * layer].Rows).Add(captures[(2 * layer) + 1].Rows));
        }

        return states;
    }
}
