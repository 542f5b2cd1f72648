using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Lora;

/// <summary>LoRA worked into the weights by plain loops: the function that an adapter must have, by another way.</summary>
internal static class MergedWeights
{
    /// <summary>The model with W + s·B A in one place; with a magnitude, every row (embedding: every column) of it has that length.</summary>
    public static ReferenceLlama Merge(this ReferenceLlama model, LoraFile file, string module, double scale)
    {
        bool embedding = model.Shape.Find(module)!.Kind == ModuleKind.Embedding;
        Tensor a = file.Tensors[$"{LoraFile.Prefix}{module}.{(embedding ? "lora_embedding_A" : "lora_A.weight")}"];
        Tensor b = file.Tensors[$"{LoraFile.Prefix}{module}.{(embedding ? "lora_embedding_B" : "lora_B.weight")}"];
        Tensor merged = model.Weight(module);
        for (int row = 0; row < merged[0]; row++)
        {
            for (int column = 0; column < merged[1]; column++)
            {
                (int of, int at) = embedding ? (column, row) : (row, column);
                double sum = 0;
                for (int k = 0; k < a[0]; k++)
                {
                    sum += (double)b.Row(of)[k] * a.Row(k)[at];
                }

                merged.Row(row)[column] += (float)(scale * sum);
            }
        }

        if (file.Tensors.TryGetValue($"{LoraFile.Prefix}{module}.lora_magnitude_vector", out Tensor? magnitude))
        {
            Stretch(merged, magnitude, embedding);
        }

        ReferenceLlama result = model.With(module + ".weight", merged);
        if (!file.Tensors.TryGetValue($"{LoraFile.Prefix}{module}.lora_B.bias", out Tensor? bias))
        {
            return result;
        }

        Tensor sumOfBiases = model.Bias(module) ?? new Tensor(bias.Length);
        for (int i = 0; i < bias.Length; i++)
        {
            sumOfBiases.Data[i] += (float)(scale * bias.Data[i]);
        }

        return result.With(module + ".bias", sumOfBiases);
    }

    private static void Stretch(Tensor weight, Tensor magnitude, bool columns)
    {
        for (int i = 0; i < magnitude.Length; i++)
        {
            double squares = 0;
            int count = columns ? weight[0] : weight[1];
            for (int j = 0; j < count; j++)
            {
                squares += Math.Pow(columns ? weight.Row(j)[i] : weight.Row(i)[j], 2);
            }

            for (int j = 0; j < count; j++)
            {
                ref float value = ref (columns ? ref weight.Row(j)[i] : ref weight.Row(i)[j]);
                value = (float)(value * magnitude.Data[i] / Math.Sqrt(squares));
            }
        }
    }
}
