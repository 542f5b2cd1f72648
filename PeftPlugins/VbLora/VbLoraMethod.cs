using SkPeft.Tensors.Layers;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.VbLora;

/// <summary>VB-LoRA, LoRA from a vector bank (Li et al., arXiv 2405.15179). Files as HF PEFT 0.21 writes them.</summary>
public sealed class VbLoraMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["VBLORA"];

    /// <inheritdoc/>
    public string Description => "VB-LoRA: low-rank updates put together from a bank of vectors that all layers share (arXiv 2405.15179)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape) => LayerMethods.Load(package, shape, VbLoraScheme.Read);

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);

        // All logits are trained; the file is cut down when it is saved.
        VbLoraScheme asked = VbLoraScheme.Read(new AdapterConfigReader(request.Package));
        return LayerMethods.Begin(
            this,
            request,
            VbLoraScheme.Read,
            draft => draft.Set(VbLoraScheme.TopKKey, false),
            asked.SavesTopK ? package => TopKFile.Of(package, asked.TopK) : null);
    }

    /// <inheritdoc/>
    public void SelfTest()
    {
        // One vector of length 1 for each element. The two largest of the logits (ln 3, 0, -9) are weighed 3 : 1.
        TinyBase model = new();
        const string name = AdapterTensors.Prefix + "model.layers.0.self_attn.q_proj.vblora_logits_";
        float[] logits = [MathF.Log(3), 0, -9];
        AdapterPackage package = SelfCheck.Adapter(
            """{ "peft_type": "VBLORA", "r": 1, "num_vectors": 3, "vector_length": 1, "topk": 2, "target_modules": ["q_proj"] }""",
            ("base_model.vblora_vector_bank", Tensor.From([4, 8, 1000], 3, 1)),
            (name + "A", Tensor.From([.. logits, 0, 1000, -9], 1, 2, 3)),
            (name + "B", Tensor.From([-1000, -9, 1000, .. logits], 2, 1, 3)));
        LowRankEffect low = (LowRankEffect)Load(package, model.Shape).BuildEffects(model).Single();
        SelfCheck.Equal("A", low.A, 5, 8);
        SelfCheck.Equal("B", low.B, 1000, 5);
    }
}
