using SkPeft.Tensors.Layers;
using SkPeft.Tensors.SelfTests;

namespace SkPeft.Peft.Oft;

/// <summary>
/// OFT, orthogonal finetuning (Qiu et al., arXiv 2306.07280; acting on inputs: OFTv2, arXiv 2506.19847). Files as HF PEFT 0.21 writes them.
/// </summary>
public sealed class OftMethod : ITrainablePeftMethod
{
    /// <inheritdoc/>
    public IReadOnlyList<string> PeftTypes { get; } = ["OFT"];

    /// <inheritdoc/>
    public string Description => "OFT: blocks of a layer's inputs are rotated (arXiv 2306.07280)";

    /// <inheritdoc/>
    public PeftModule Load(AdapterPackage package, ModelShape shape) => LayerMethods.Load(package, shape, OftScheme.Read);

    /// <inheritdoc/>
    public PeftTraining BeginTraining(TrainingRequest request) =>
        LayerMethods.Begin(this, request, OftScheme.Read, draft => draft.Default("peft_version", OftScheme.FirstVersion));

    /// <inheritdoc/>
    public void SelfTest()
    {
        TinyBase model = new();
        const string name = AdapterTensors.Prefix + "model.layers.0.self_attn.q_proj.oft_R.weight";
        (string Options, float[] Rotated)[] cases =
        [
            // R = (I − Q)(I + Q)⁻¹ with Q = [[0, 1], [−1, 0]] turns (x, y) into (y, −x).
            ("\"use_cayley_neumann\": false", [4, -3]),

            // I + 2 Q + 2 Q² + 2 Q³ + Q⁴ = 0.
            ("\"num_cayley_neumann_terms\": 5", [0, 0]),

            // I + 2 Q + 2 Q² + Q³ = −I + Q.
            ("\"num_cayley_neumann_terms\": 4", [-7, -1]),
        ];
        foreach ((string options, float[] rotated) in cases)
        {
            AdapterPackage package = SelfCheck.Adapter(
                $$"""{ "peft_type": "OFT", "oft_block_size": 2, "target_modules": ["q_proj"], {{options}} }""", (name, Tensor.From([1], 1, 1)));
            CustomLinearEffect rotation = (CustomLinearEffect)Load(package, model.Shape).BuildEffects(model).Single();
            SelfCheck.Equal("a rotated input", rotation.TransformInput(Tensor.From([3, 4], 1, 2)), rotated);
        }
    }
}
