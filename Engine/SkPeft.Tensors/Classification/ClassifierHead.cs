namespace SkPeft.Tensors.Classification;

/// <summary>The head of an adapter that classifies, as <c>LlamaForSequenceClassification</c> calls it: <c>score</c>.</summary>
/// <param name="Weight">[classes, hidden].</param>
/// <param name="Bias">[classes], or null: LLaMA's head has none, heads of other makers may.</param>
/// <param name="Labels">The names of the classes, or null.</param>
internal sealed record ClassifierHead(Tensor Weight, Tensor? Bias, IReadOnlyList<string>? Labels)
{
    /// <summary>The head's name among the modules.</summary>
    public const string Module = "score";

    // What Hugging Face PEFT puts in front, around a tuner and around a soft prompt; nothing in formats of our own.
    private static readonly string[] s_prefixes = [AdapterTensors.Prefix, "base_model.", ""];

    /// <summary>Takes the head from an adapter's file.</summary>
    /// <param name="package">The adapter.</param>
    /// <param name="config">Its classes.</param>
    /// <param name="hidden">The base's width.</param>
    /// <exception cref="AdapterShapeException">It is not there, or does not fit.</exception>
    /// <exception cref="AdapterOptionException">It has one class, or not as many as there are names.</exception>
    public static ClassifierHead Take(AdapterPackage package, ClassifierConfig config, int hidden)
    {
        AdapterTensors tensors = new(package);
        string name = NameOf("weight", tensors.Has) ?? AdapterTensors.Prefix + Module + ".weight";
        Tensor weight = tensors.Take(name, -1, hidden);
        string? bias = NameOf("bias", tensors.Has);
        config.CheckClasses(package, weight[0]);
        return new ClassifierHead(weight, bias is null ? null : tensors.Take(bias, weight[0]), config.Labels);
    }

    /// <summary>The adapter as the method is to see it: without the head, for a language model.</summary>
    /// <param name="package">The adapter.</param>
    public static AdapterPackage Remove(AdapterPackage package)
    {
        Dictionary<string, Tensor> rest = new(package.Tensors, StringComparer.Ordinal);
        foreach (string leaf in (string[])["weight", "bias"])
        {
            if (NameOf(leaf, rest.ContainsKey) is { } name)
            {
                rest.Remove(name);
            }
        }

        return ClassifierConfig.WithoutHead(new AdapterPackage(package.Name, package.Config, rest) { Task = package.Task });
    }

    /// <summary>The effect.</summary>
    public ClassifierEffect ToEffect() => new(Weight, Bias, Labels);

    private static string? NameOf(string leaf, Func<string, bool> exists) =>
        s_prefixes.Select(p => $"{p}{Module}.{leaf}").FirstOrDefault(exists);
}
