using SkPeft.Engine.Models.Loading;
using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models.Saving;

/// <summary>Writes a LLaMA as a GGUF file, as llama.cpp's converter does: its names, its keys, its order of the rows of q_proj and k_proj.</summary>
public static class GgufModelWriter
{
    /// <summary>The types that a file can have as a whole.</summary>
    public static IEnumerable<TensorType> FileTypes => GgufTensorTypes.FileTypes.Keys;

    /// <summary>Writes a file, whole or not at all. Weights are asked for row by row, in the file's order.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="config">The model's configuration.</param>
    /// <param name="rows">Its weights.</param>
    /// <param name="options">Type, name and tokenizer.</param>
    /// <param name="cancellationToken">Stops the work; the file is then as it was.</param>
    /// <returns>What was written, in the file's order.</returns>
    /// <exception cref="InvalidOptionException">A type that no file has as a whole.</exception>
    /// <exception cref="FileAccessException">The file cannot be written.</exception>
    /// <exception cref="FileFormatException">A weight that its type cannot hold, or a name too long for the format.</exception>
    public static IReadOnlyList<WrittenTensor> Write(
        string path, LlamaConfig config, IModelRows rows, GgufModelOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(options);
        if (!GgufTensorTypes.FileTypes.ContainsKey(options.Type))
        {
            throw new InvalidOptionException("type", $"{options.Type}", string.Join(", ", GgufTensorTypes.FileTypes.Keys));
        }

        GgufRope rope = GgufRope.Of(config);
        List<GgufEntry> entries = [];
        List<WrittenTensor> written = [];
        if (rope.Divisors is { } divisors)
        {
            Add(new GgufEntry(GgufRopeReader.DivisorTensor, [divisors.Length], TensorType.F32, (_, to) => divisors.CopyTo(to)));
        }

        foreach (LlamaTensor tensor in LlamaTensor.ListOf(config.Sizes))
        {
            Add(Entry(tensor, config.Sizes, options.Type, rows));
        }

        GgufWriter.Write(path, GgufModelMetadata.Of(config, rope, options), entries, cancellationToken);
        return written;

        void Add(GgufEntry entry)
        {
            entries.Add(entry);
            bool fellBack = entry.Type == GgufTensorTypes.WithoutBlocks && entry.Type != options.Type;
            written.Add(new WrittenTensor(entry.Name, entry.Type, entry.Shape, entry.ByteLength, fellBack));
        }
    }

    private static GgufEntry Entry(LlamaTensor tensor, ModelSizes sizes, TensorType file, IModelRows rows)
    {
        (string name, int[]? order) = (tensor.Name, RowOrder(tensor, sizes));
        return new GgufEntry(GgufNames.FromHf(name), tensor.Shape, GgufTensorTypes.Choose(file, tensor, sizes), (row, to) =>
        {
            if (order is null || !tensor.IsBias)
            {
                rows.Read(name, order?[row] ?? row, to);
                return;
            }

            float[] bias = new float[to.Length];
            rows.Read(name, 0, bias);
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = bias[order[i]];
            }
        });
    }

    // For every row of the file, Hugging Face's row; null where both orders are the same.
    private static int[]? RowOrder(LlamaTensor tensor, ModelSizes sizes)
    {
        if (tensor.Module.Linear?.Kind is not (LinearKind.Query or LinearKind.Key))
        {
            return null;
        }

        int[] order = new int[tensor.Module.Outputs];
        for (int row = 0; row < order.Length; row++)
        {
            order[RopePermutation.InterleavedRowOf(row, sizes.HeadDim)] = row;
        }

        return order;
    }
}
