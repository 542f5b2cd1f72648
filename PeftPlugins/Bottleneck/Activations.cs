using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.Bottleneck;

/// <summary>The activations by the names in configurations.</summary>
internal static class Activations
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> s_byName = new(StringComparer.Ordinal)
    {
        ["relu"] = TensorOps.Relu,
        ["gelu"] = TensorOps.Gelu,
        ["silu"] = TensorOps.Silu,
    };

    /// <summary>The names.</summary>
    public static string Names { get; } = string.Join(", ", s_byName.Keys);

    /// <summary>The activation of a name, or null. <c>gelu</c> is the exact one.</summary>
    public static Func<Tensor, Tensor>? Find(string name) => s_byName.GetValueOrDefault(name);
}
