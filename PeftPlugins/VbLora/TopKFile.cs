using System.Text.Json;
using System.Text.Json.Nodes;
using SkPeft.Tensors.Ops;

namespace SkPeft.Peft.VbLora;

/// <summary>A file in the short form (<c>save_only_topk_weights</c>): enough to serve, too little to go on training.</summary>
internal static class TopKFile
{
    /// <summary>Replaces logits by what the largest k of them have become.</summary>
    /// <param name="package">The adapter with all logits.</param>
    /// <param name="count">k.</param>
    public static AdapterPackage Of(AdapterPackage package, int count)
    {
        Dictionary<string, Tensor> tensors = new(StringComparer.Ordinal);
        foreach ((string name, Tensor tensor) in package.Tensors)
        {
            if (!name.EndsWith(VbLoraScheme.LogitsA, StringComparison.Ordinal) && !name.EndsWith(VbLoraScheme.LogitsB, StringComparison.Ordinal))
            {
                tensors.Add(name, tensor);
                continue;
            }

            Tensor weights = tensor.TopK(count, out int[] indices).Softmax(-1);
            tensors.Add(name + VbLoraScheme.Indices, Tensor.From([.. indices.Select(i => (float)i)], weights.Shape));
            tensors.Add(name + VbLoraScheme.Weights, weights.Slice(-1, 0, count - 1));
        }

        JsonObject config = JsonObject.Create(package.Config)!;
        config[VbLoraScheme.TopKKey] = true;
        return new AdapterPackage(package.Name, JsonSerializer.SerializeToElement(config), tensors);
    }
}
