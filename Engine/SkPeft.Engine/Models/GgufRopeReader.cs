using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models;

/// <summary>Reads GGUF's ways to scale rotary positions: a linear factor, or divisors in <c>rope_freqs.weight</c>.</summary>
internal static class GgufRopeReader
{
    public const string DivisorTensor = "rope_freqs.weight";

    public static RopeScaling? Read(GgufFile file, int headDim)
    {
        RopeScaling? linear = ReadLinear(file);
        RopeScaling? divisors = ReadDivisors(file, headDim);
        return linear is null || divisors is null
            ? linear ?? divisors
            : throw new UnsupportedModelException(file.Path, "llama.rope.scaling.type", "linear together with rope_freqs.weight",
                "one of them");
    }

    private static LinearRopeScaling? ReadLinear(GgufFile file)
    {
        string type = file.GetString("llama.rope.scaling.type", "linear")!;
        if (type is not ("linear" or "none"))
        {
            throw new UnsupportedModelException(file.Path, "llama.rope.scaling.type", $"'{type}'",
                "'none', 'linear', or the tensor rope_freqs.weight (llama3)");
        }

        // An absent or zero factor means none (llama.cpp); scale_linear is the older key.
        string key = file.Find("llama.rope.scaling.factor") is null ? "llama.rope.scale_linear" : "llama.rope.scaling.factor";
        double factor = file.Find(key)?.AsDouble() is null or 0 ? 1 : GgufConfigReader.Positive(file, key)!.Value;
        return type == "none" || factor == 1 ? null : new LinearRopeScaling(factor);
    }

    private static DivisorRopeScaling? ReadDivisors(GgufFile file, int headDim)
    {
        if (!file.Tensors.TryGetValue(DivisorTensor, out StoredTensor? tensor))
        {
            return null;
        }

        if (tensor.Shape is not [long length] || length != headDim / 2 || tensor.Type != TensorType.F32)
        {
            throw new FileFormatException(file.Path, $"tensor '{DivisorTensor}'", $"{tensor}", $"F32 [{headDim / 2}]");
        }

        float[] divisors = tensor.ToArray();
        int bad = Array.FindIndex(divisors, d => !float.IsFinite(d) || d <= 0);
        return bad < 0
            ? new DivisorRopeScaling(divisors)
            : throw new FileFormatException(file.Path, $"tensor '{DivisorTensor}' [{bad}]", $"{divisors[bad]}", "a finite number above 0");
    }
}
