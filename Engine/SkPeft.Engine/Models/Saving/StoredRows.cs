using SkPeft.Engine.Models.Loading;
using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models.Saving;

/// <summary>The rows of a model that is open. Memory of a tensor is given back when the next one is asked for.</summary>
/// <param name="source">The model; in Hugging Face's layout, or a GGUF file.</param>
public sealed class StoredRows(IWeightSource source) : IModelRows
{
    private string? _name;
    private StoredTensor? _tensor;
    private int[]? _fileRows;

    /// <inheritdoc/>
    /// <exception cref="FileFormatException">There is no such tensor.</exception>
    public void Read(string name, long row, Span<float> to)
    {
        if (name != _name)
        {
            _tensor?.ReleasePages();
            (_name, _tensor, _fileRows) = (name, source.Get(name), source.FileRows(name));
        }

        if (_fileRows is null || _tensor!.Shape.Count > 1)
        {
            _tensor!.DequantizeRow(_fileRows?[row] ?? row, to);
        }
        else
        {
            // A bias is one row; its elements lie as the rows of the weight do.
            source.Read(name).CopyTo(to);
        }
    }
}
