using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models.Loading;

/// <summary>Every tensor that the configuration implies is there with exactly its shape, in a type we read; and there are no others.</summary>
internal static class WeightCheck
{
    /// <param name="path">The model, for messages.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="tensors">The tensors by Hugging Face's name; unknown ones under their own.</param>
    /// <param name="nameInFile">From Hugging Face's name to the file's.</param>
    public static void Run(string path, LlamaConfig config, IReadOnlyDictionary<string, StoredTensor> tensors, Func<string, string> nameInFile)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach (LlamaTensor expected in LlamaTensor.ListOf(config.Sizes))
        {
            known.Add(expected.Name);
            Require(path, tensors.GetValueOrDefault(expected.Name), nameInFile(expected.Name), expected.Shape);
        }

        foreach ((string name, StoredTensor tensor) in tensors)
        {
            if (!known.Contains(name))
            {
                throw new UnsupportedModelException(tensor.File, $"tensor '{tensor.Name}'", "in the file", Describe(config.Sizes));
            }
        }
    }

    private static string Describe(ModelSizes sizes) =>
        $"the tensors of a LLaMA of {sizes.Layers} layers {(sizes.AttentionBias ? "with" : "without")} attention biases and " +
        $"{(sizes.MlpBias ? "with" : "without")} MLP biases; this one would be ignored";

    private static void Require(string path, StoredTensor? tensor, string name, IReadOnlyList<long> shape)
    {
        if (tensor is null)
        {
            throw new FileFormatException(path, $"tensor '{name}'", "no such tensor", TensorShape(shape));
        }

        if (!tensor.Shape.SequenceEqual(shape))
        {
            throw new FileFormatException(tensor.File, $"tensor '{name}' shape", TensorShape(tensor.Shape),
                $"{TensorShape(shape)}, as the configuration says");
        }

        if (!tensor.Type.IsReadableAsFloat())
        {
            throw new UnsupportedModelException(tensor.File, $"the type of tensor '{name}'", $"{tensor.Type}",
                "F32, F16, BF16, and GGUF's quantised types");
        }
    }

    private static string TensorShape(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
