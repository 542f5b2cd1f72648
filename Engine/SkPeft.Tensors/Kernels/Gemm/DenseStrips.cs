namespace SkPeft.Tensors.Kernels;

/// <summary>Strips of an fp32 matrix.</summary>
internal sealed unsafe class DenseStrips : StripSource
{
    private GemmOperand _matrix;
    private int _columns;

    public override int DepthMultiple => 4;

    public void Prepare(in GemmOperand matrix, int columns) => (_matrix, _columns) = (matrix, columns);

    public override void Write(int column, int width, int strips, int k, int depth, float* to) =>
        GemmPacker.PackMany(_matrix, _columns, column, width, strips, k, depth, to);

    public override float* InPlace(int column, int k, out long stride)
    {
        stride = _matrix.Stride;
        return _matrix.SumIsContiguous ? null : _matrix.Values + (k * stride) + column;
    }
}
