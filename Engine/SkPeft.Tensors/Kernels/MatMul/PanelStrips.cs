namespace SkPeft.Tensors.Kernels;

/// <summary>Strips of Wᵀ: 16 rows of a panel are 16 columns, decoded straight into their place.</summary>
internal sealed unsafe class PanelStrips : StripSource
{
    private PackedMatrix _weights = null!;
    private PanelKernel _decoder = null!;

    public override int DepthMultiple => PanelKernel.LongestBlock;

    public void Prepare(PanelKernel decoder, PackedMatrix weights) => (_decoder, _weights) = (decoder, weights);

    public override void Write(int column, int width, int strips, int k, int depth, float* to)
    {
        int blocks = _decoder.BlocksOf(depth);
        long offset = (long)(k / _decoder.BlockInputs) * _decoder.BlockBytes;
        for (int c = 0; c < strips * width; c += PackedMatrix.PanelRows)
        {
            // The last strip may have one panel only: what is then left in the memory makes columns that nobody keeps.
            int panel = (column + c) / PackedMatrix.PanelRows;
            if (panel < _weights.Panels)
            {
                float* strip = to + ((long)(c / width) * width * depth);
                _decoder.Decode(_weights.Panel(panel) + offset, blocks, strip + (c % width), width);
            }
        }
    }
}
