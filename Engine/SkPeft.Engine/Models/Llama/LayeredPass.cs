using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>A segment on its way through the layers, a few of them a step. Its rows of the residual stream wait here between steps.</summary>
internal sealed unsafe class LayeredPass(ForwardSegment segment) : IDisposable
{
    private NativeBuffer? _residual;

    public ForwardSegment Segment { get; } = segment;

    /// <summary>The layer that is next; the number of layers where all are done.</summary>
    public int NextLayer { get; private set; }

    /// <summary>Copies the rows back into a step's.</summary>
    public void Take(Rows residual) =>
        Buffer.MemoryCopy(_residual!.Start, residual.Data, _residual.Bytes, (long)residual.Count * residual.Width * sizeof(float));

    /// <summary>Keeps a step's rows.</summary>
    public void Keep(Rows residual, int nextLayer)
    {
        long bytes = (long)residual.Count * residual.Width * sizeof(float);
        _residual ??= new NativeBuffer(bytes);
        Buffer.MemoryCopy(residual.Data, _residual.Start, bytes, bytes);
        NextLayer = nextLayer;
    }

    public void Dispose() => _residual?.Dispose();
}
