using SkPeft.Tensors.SelfTests;

namespace SkPeft.PeftPlugins.Tests.Iapt;

/// <summary>A random IAPT file, and the generator's formula in plain loops and double.</summary>
internal sealed class IaptFile
{
    private readonly int _tokens;
    private readonly int _bottleneck;
    private readonly int _shareGroup;

    public IaptFile(int layers, int hidden, int tokens, int bottleneck, int shareGroup, string bias)
    {
        (_tokens, _bottleneck, _shareGroup, Bias) = (tokens, bottleneck, shareGroup, bias);
        Shape = new ModelShape(new ModelSizes { Layers = layers, HiddenSize = hidden, Heads = 1, KeyValueHeads = 1, HeadDim = 2, IntermediateSize = 2, VocabularySize = 3 });
        for (int group = 0; group * shareGroup < layers; group++)
        {
            Tensors[$"groups.{group}.down.weight"] = Random(group, bottleneck, hidden);
            Tensors[$"groups.{group}.up.weight"] = Random(10 + group, hidden, bottleneck);
        }

        for (int layer = 0; layer < layers; layer++)
        {
            Tensors[$"layers.{layer}.pool.weight"] = Random(20 + layer, tokens, bottleneck);
            Tensors[$"layers.{layer}.act.numerator"] = Random(30 + layer, 7);
            Tensors[$"layers.{layer}.act.denominator"] = Random(40 + layer, 5);
            if (bias != "none")
            {
                Tensors[$"layers.{layer}.up.bias"] = bias == "token" ? Random(50 + layer, tokens, hidden) : Random(50 + layer, hidden);
            }
        }
    }

    public ModelShape Shape { get; }

    public string Bias { get; init; }

    public Dictionary<string, Tensor> Tensors { get; } = [];

    public AdapterPackage Package() => SelfCheck.Adapter(
        $$"""{ "peft_type": "SKPEFT_IAPT", "task_type": "CAUSAL_LM", "num_virtual_tokens": {{_tokens}}, "bottleneck": {{_bottleneck}}, "share_group": {{_shareGroup}}, "up_bias": "{{Bias}}" }""",
        [.. Tensors.Select(t => (t.Key, t.Value))]);

    public double[,] Expect(int layer, int group, Tensor x)
    {
        int hidden = x[1];
        Tensor down = Tensors[$"groups.{group}.down.weight"];
        Tensor up = Tensors[$"groups.{group}.up.weight"];
        Tensor pool = Tensors[$"layers.{layer}.pool.weight"];
        double[] a = [.. Tensors[$"layers.{layer}.act.numerator"].Data.ToArray().Select(v => (double)v)];
        double[] b = [.. Tensors[$"layers.{layer}.act.denominator"].Data.ToArray().Select(v => (double)v)];
        double[][] z = [.. Enumerable.Range(0, x[0]).Select(i => Enumerable.Range(0, _bottleneck).Select(j => Dot(x, i, down, j)).ToArray())];
        double[,] prompt = new double[_tokens, hidden];
        for (int token = 0; token < _tokens; token++)
        {
            double[] scores = [.. z.Select(row => Math.Exp(row.Select((v, k) => v * pool.Row(token)[k]).Sum()))];
            double[] activated = new double[_bottleneck];
            for (int k = 0; k < _bottleneck; k++)
            {
                double s = z.Select((row, i) => row[k] * scores[i]).Sum() / scores.Sum();
                activated[k] = a.Select((c, j) => c * Math.Pow(s, j)).Sum() / (1 + Math.Abs(b.Select((c, j) => c * Math.Pow(s, j + 1)).Sum()));
            }

            for (int j = 0; j < hidden; j++)
            {
                prompt[token, j] = activated.Select((v, k) => v * up.Row(j)[k]).Sum() + BiasAt(layer, token, j);
            }
        }

        return prompt;
    }

    public static Tensor Random(int seed, params int[] shape)
    {
        Random random = new(seed);
        Tensor tensor = new(shape);
        for (int i = 0; i < tensor.Length; i++)
        {
            tensor.Data[i] = (float)(random.NextDouble() - 0.5);
        }

        return tensor;
    }

    private double BiasAt(int layer, int token, int column) => Bias switch
    {
        "token" => Tensors[$"layers.{layer}.up.bias"].Row(token)[column],
        "shared" => Tensors[$"layers.{layer}.up.bias"].Data[column],
        _ => 0,
    };

    private static double Dot(Tensor x, int i, Tensor w, int j)
    {
        double sum = 0;
        for (int k = 0; k < x[1]; k++)
        {
            sum += (double)x.Row(i)[k] * w.Row(j)[k];
        }

        return sum;
    }
}
