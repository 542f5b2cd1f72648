namespace SkPeft.Bench.Gemm;

/// <summary>A linear layer of training: so many rows of activations, inputs and outputs.</summary>
internal sealed record GemmShape(int Rows, int Inputs, int Outputs, string Layer)
{
    /// <summary>Floating-point operations of one product, in billions; forward, dX and dW have the same.</summary>
    public double Gigaflops => 2.0 * Rows * Inputs * Outputs / 1e9;

    /// <summary>The layers of SmolLM2-135M and of a LLaMA of 1.1 billion parameters, and a LoRA of rank 8.</summary>
    public static IReadOnlyList<GemmShape> All { get; } =
    [
        new(256, 576, 576, "SmolLM2 output"),
        new(512, 576, 576, "SmolLM2 output"),
        new(256, 576, 960, "SmolLM2 q, k, v"),
        new(512, 576, 960, "SmolLM2 q, k, v"),
        new(512, 576, 3072, "SmolLM2 gate, up"),
        new(512, 1536, 576, "SmolLM2 down"),
        new(512, 2048, 2048, "1.1B output"),
        new(512, 2048, 5632, "1.1B gate"),
        new(512, 5632, 2048, "1.1B down"),
        new(512, 576, 8, "LoRA A, rank 8"),
        new(512, 8, 576, "LoRA B, rank 8"),
        new(512, 2048, 8, "LoRA A, rank 8, 1.1B"),
        new(512, 8, 2048, "LoRA B, rank 8, 1.1B"),
    ];

    /// <summary>Those whose weights are frozen and may be quantised.</summary>
    public static IEnumerable<GemmShape> Frozen => All.Where(s => Math.Min(s.Inputs, s.Outputs) > 8);
}
