using SkPeft.Peft.LoHa;
using SkPeft.PeftPlugins.Tests.Layers;

namespace SkPeft.PeftPlugins.Tests.LoHa;

public sealed class LoHaTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task BuildEffects_OnABaseWithBiases_EqualMergedWeights(int rank)
    {
        LayerFile file = new($$"""{ "peft_type": "LOHA", "r": {{rank}}, "alpha": 3, "target_modules": ["q_proj", "down_proj"], "alpha_pattern": { "down_proj": 5 } }""");
        foreach (string module in LayerFile.Modules(LayerFile.Query, LayerFile.Down))
        {
            ModuleInfo info = LayerFile.Base.Shape.Find(module)!;
            double[,] first = Matrices.Of(file.Add(module, "hada_w1_a", info.Outputs, rank)).Times(Matrices.Of(file.Add(module, "hada_w1_b", rank, info.Inputs)));
            double[,] second = Matrices.Of(file.Add(module, "hada_w2_a", info.Outputs, rank)).Times(Matrices.Of(file.Add(module, "hada_w2_b", rank, info.Inputs)));
            double scale = (module.EndsWith("q_proj", StringComparison.Ordinal) ? 3.0 : 5.0) / rank;
            file.Add(module, Matrices.Make(info.Outputs, info.Inputs, (i, j) => scale * first[i, j] * second[i, j]));
        }

        await file.ShouldBeServedBy(new LoHaMethod());
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(4, false)]
    public void BuildEffects_TheSmallerForm_IsChosen(int rank, bool isLowRank)
    {
        // Of a [24, 8] weight the factors of rank r² are 32 r² numbers, the whole 192.
        LayerFile file = new($$"""{ "peft_type": "LOHA", "r": {{rank}}, "target_modules": ["model.layers.0.self_attn.q_proj"] }""");
        foreach ((string name, int[] shape) in ((string, int[])[])[("w1_a", [24, rank]), ("w1_b", [rank, 8]), ("w2_a", [24, rank]), ("w2_b", [rank, 8])])
        {
            file.Add("model.layers.0.self_attn.q_proj", "hada_" + name, shape);
        }

        Effect effect = new LoHaMethod().Load(file.Package, LayerFile.Base.Shape).BuildEffects(LayerFile.Base).Single();
        (effect is LowRankEffect).ShouldBe(isLowRank);
    }

    [Theory]
    [InlineData("\"r\": 0", "r is 0")]
    [InlineData("\"rank_pattern\": { \"q_proj\": 1.5 }", "rank_pattern has 1.5")]
    [InlineData("\"target_modules\": [\"embed_tokens\"]", "embed_tokens")]
    public void Load_WhatIsNotSupported_IsNamed(string option, string named) =>
        Should.Throw<AdapterOptionException>(() => new LoHaMethod().Load(new LayerFile($$"""{ "peft_type": "LOHA", {{option}} }""").Package, LayerFile.Base.Shape))
            .Message.ShouldContain(named);
}
