using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models.Saving;

/// <summary>Which type each tensor gets in a file of a given type, as llama.cpp chooses.</summary>
internal static class GgufTensorTypes
{
    /// <summary>The types of a whole file, and their numbers under <c>general.file_type</c>.</summary>
    public static IReadOnlyDictionary<TensorType, uint> FileTypes { get; } = new Dictionary<TensorType, uint>
    {
        [TensorType.F32] = 0, [TensorType.F16] = 1, [TensorType.Q4_0] = 2, [TensorType.Q4_1] = 3, [TensorType.Q8_0] = 7, [TensorType.BF16] = 32,
    };

    /// <summary>What rows get that are no whole number of blocks.</summary>
    public const TensorType WithoutBlocks = TensorType.F16;

    /// <summary>
    /// Norms and biases are F32. The head, be it tied, costs most where it is coarse: it gets no less than Q8_0. Rows that are no whole
    /// number of blocks become F16.
    /// </summary>
    public static TensorType Choose(TensorType file, LlamaTensor tensor, ModelSizes sizes)
    {
        if (tensor.Module.Kind == ModuleKind.Norm || tensor.IsBias)
        {
            return TensorType.F32;
        }

        bool head = tensor.Module.Kind == ModuleKind.Embedding ? sizes.TiedEmbeddings : tensor.Module.Linear?.Kind == LinearKind.Head;
        TensorType type = head && file is (TensorType.Q4_0 or TensorType.Q4_1) ? TensorType.Q8_0 : file;
        return tensor.Columns % type.BlockSize() == 0 ? type : WithoutBlocks;
    }
}
