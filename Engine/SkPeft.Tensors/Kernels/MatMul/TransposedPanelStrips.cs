namespace SkPeft.Tensors.Kernels;

/// <summary>Strips of W: some inputs of many rows, which the panels hold the other way round.</summary>
internal sealed unsafe class TransposedPanelStrips : StripSource
{
    private PackedMatrix _weights = null!;
    private PanelKernel _decoder = null!;

    public override int DepthMultiple => PackedMatrix.PanelRows;

    public void Prepare(PanelKernel decoder, PackedMatrix weights) => (_decoder, _weights) = (decoder, weights);

    public override void Write(int column, int width, int strips, int k, int depth, float* to)
    {
        for (int strip = 0; strip < strips; strip++)
        {
            Write(column + (strip * width), width, k, depth, to + ((long)strip * width * depth));
        }
    }

    private void Write(int column, int width, int k, int depth, float* to)
    {
        float* memory = stackalloc float[(PanelKernel.LongestBlock * PackedMatrix.PanelRows) + 16];
        float* inputs = (float*)(((nint)memory + 63) & ~63);
        int start = column / _decoder.BlockInputs;
        int blocks = _decoder.BlocksOf(Math.Min(column + width, _weights.Columns)) - start;
        float* from = inputs + ((column - (start * _decoder.BlockInputs)) * PackedMatrix.PanelRows);
        for (int row = 0; row < depth; row += PackedMatrix.PanelRows, to += PackedMatrix.PanelRows * width)
        {
            byte* panel = _weights.Panel((k + row) / PackedMatrix.PanelRows) + ((long)start * _decoder.BlockBytes);
            _decoder.Decode(panel, blocks, inputs, PackedMatrix.PanelRows);
            GemmPacker.Transpose(from, PackedMatrix.PanelRows, width, PackedMatrix.PanelRows, to, width);
        }
    }
}
