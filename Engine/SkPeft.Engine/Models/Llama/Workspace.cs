using SkPeft.Tensors.Kernels;

namespace SkPeft.Engine.Models.Llama;

/// <summary>Scratch rows of a forward step, grown to the largest step seen and kept.</summary>
internal sealed unsafe class Workspace(ModelSizes sizes) : IDisposable
{
    private readonly NativeBuffer?[] _buffers = new NativeBuffer?[10];
    private int _rows;

    /// <summary>The residual stream, [rows, hidden].</summary>
    public float* Residual => Floats(0);

    /// <summary>A norm's output, [rows, hidden].</summary>
    public float* Normed => Floats(1);

    /// <summary>q|k|v, [rows, query width + 2 · key-value width].</summary>
    public float* Qkv => Floats(2);

    /// <summary>Attention's output, [rows, query width].</summary>
    public float* Attended => Floats(3);

    /// <summary>gate|up, [rows, 2 · intermediate].</summary>
    public float* GateUp => Floats(4);

    /// <summary>SwiGLU's output, [rows, intermediate].</summary>
    public float* Activated => Floats(5);

    /// <summary>A sub-layer's output where it may not go straight to the residual stream, [rows, hidden].</summary>
    public float* Alone => Floats(6);

    /// <summary>Inputs changed by an effect, [rows, the widest input].</summary>
    public float* Changed => Floats(7);

    /// <summary>A fused product of its own, [rows, the widest output but the head's].</summary>
    public float* Product => Floats(8);

    /// <summary>Positions, [rows].</summary>
    public int* Positions => (int*)_buffers[9]!.Start;

    /// <summary>Width of <see cref="Qkv"/>.</summary>
    public int QkvWidth { get; } = sizes.QueryWidth + (2 * sizes.KeyValueWidth);

    /// <summary>The widest input of a linear layer.</summary>
    public int ChangedWidth { get; } = Math.Max(Math.Max(sizes.HiddenSize, sizes.QueryWidth), sizes.IntermediateSize);

    /// <summary>The widest output of a fused matrix but the head's.</summary>
    public int ProductWidth { get; } =
        Math.Max(Math.Max(sizes.QueryWidth + (2 * sizes.KeyValueWidth), 2 * sizes.IntermediateSize), sizes.HiddenSize);

    /// <summary>Bytes held.</summary>
    public long Bytes => _buffers.Sum(b => b?.Bytes ?? 0);

    public void Ensure(int rows)
    {
        if (rows <= _rows)
        {
            return;
        }

        int[] widths =
        [
            sizes.HiddenSize, sizes.HiddenSize, QkvWidth, sizes.QueryWidth, 2 * sizes.IntermediateSize, sizes.IntermediateSize,
            sizes.HiddenSize, ChangedWidth, ProductWidth, 1,
        ];
        for (int i = 0; i < _buffers.Length; i++)
        {
            _buffers[i]?.Dispose();
            _buffers[i] = new NativeBuffer((long)rows * widths[i] * sizeof(float));
        }

        _rows = rows;
    }

    public void Dispose()
    {
        foreach (NativeBuffer? buffer in _buffers)
        {
            buffer?.Dispose();
        }
    }

    private float* Floats(int index) => _buffers[index]!.Floats;
}
