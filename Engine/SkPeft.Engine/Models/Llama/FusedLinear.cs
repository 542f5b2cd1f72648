using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>Linear layers with one input, packed as one matrix: q|k|v, gate|up, or a single layer.</summary>
internal sealed unsafe class FusedLinear : IDisposable
{
    private readonly NativeBuffer? _bias;

    /// <param name="matrix">The packed weight, [Σ out, in].</param>
    /// <param name="parts">The layers in packed order.</param>
    /// <param name="bias">The bias, [Σ out], or null.</param>
    public FusedLinear(PackedMatrix matrix, IReadOnlyList<LinearPart> parts, NativeBuffer? bias)
    {
        Matrix = matrix;
        Parts = parts;
        _bias = bias;
    }

    public PackedMatrix Matrix { get; }

    public IReadOnlyList<LinearPart> Parts { get; }

    /// <summary>The bias of a part, or null.</summary>
    public float* BiasOf(LinearPart part) => _bias is null ? null : _bias.Floats + part.Offset;

    public void Dispose()
    {
        Matrix.Dispose();
        _bias?.Dispose();
    }
}

/// <summary>One layer within a fused matrix.</summary>
/// <param name="Site">The layer.</param>
/// <param name="Offset">Its first output column.</param>
/// <param name="Width">Its outputs.</param>
internal sealed record LinearPart(LinearSite Site, int Offset, int Width);
