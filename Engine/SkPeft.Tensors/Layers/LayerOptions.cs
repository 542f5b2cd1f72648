namespace SkPeft.Tensors.Layers;

/// <summary>What all methods that change single layers read from their configuration: targets, full copies, trained biases, dropout.</summary>
public sealed record LayerOptions
{
    private static readonly string[] s_usualTargets = ["q_proj", "v_proj"];

    private LayerOptions(AdapterConfigReader reader, string[] targets)
    {
        (Adapter, Method) = (reader.Adapter, reader.Method);
        ModulesToSave = SavedModules.ReadNames(reader);
        Targets = TargetModules.Read(reader, ModulesToSave, targets);
    }

    /// <summary>The adapter, for messages.</summary>
    public string Adapter { get; }

    /// <summary>The <c>peft_type</c>, for messages.</summary>
    public string Method { get; }

    /// <summary>Which modules are adapted.</summary>
    public TargetModules Targets { get; }

    /// <summary>Names of modules that are copied in full.</summary>
    public IReadOnlyList<string> ModulesToSave { get; }

    /// <summary>Which of the base's biases were trained.</summary>
    public TrainedBiases Biases { get; private init; }

    private IReadOnlyDictionary<string, float> Dropouts { get; init; } = new Dictionary<string, float>();

    /// <summary>The probability with which training drops something; serving knows no dropout.</summary>
    /// <param name="key">One of the keys that were given to <see cref="Read"/>.</param>
    public float Dropout(string key) => Dropouts[key];

    /// <summary>Refuses probabilities that nothing can be trained with. A file that is served may have any.</summary>
    /// <exception cref="AdapterOptionException">There are some.</exception>
    public void RequireDropouts()
    {
        string[] problems = [.. Dropouts.Where(d => d.Value is < 0 or >= 1).Select(d => $"{d.Key} is {d.Value}; at least 0 and less than 1 can be trained")];
        if (problems.Length > 0)
        {
            throw new AdapterOptionException(Adapter, Method, problems);
        }
    }

    /// <summary>Reads the shared keys.</summary>
    /// <param name="reader">The configuration.</param>
    /// <param name="hasBias">Whether the method's configuration knows <c>bias</c>.</param>
    /// <param name="dropouts">Keys of probabilities with which training drops something.</param>
    /// <exception cref="FileFormatException">A value has the wrong type.</exception>
    public static LayerOptions Read(AdapterConfigReader reader, bool hasBias, params ReadOnlySpan<string> dropouts) =>
        ReadFor(s_usualTargets, reader, hasBias, dropouts);

    /// <summary>Reads the shared keys of a method that targets other modules than queries and values where its configuration names none.</summary>
    /// <inheritdoc cref="Read"/>
    /// <param name="targets">What it targets.</param>
    /// <param name="reader">The configuration.</param>
    /// <param name="hasBias">Whether the method's configuration knows <c>bias</c>.</param>
    /// <param name="dropouts">Keys of probabilities with which training drops something.</param>
    public static LayerOptions ReadFor(string[] targets, AdapterConfigReader reader, bool hasBias, params ReadOnlySpan<string> dropouts)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Dictionary<string, float> probabilities = new(StringComparer.Ordinal);
        foreach (string key in dropouts)
        {
            probabilities.Add(key, reader.Number(key, 0));
        }

        // Not every method's configuration has it, so it is no default. HF turns it off by itself for torch.nn.Linear, and all layers of this architecture are that.
        if (reader.Get("fan_in_fan_out") is not null && reader.Flag("fan_in_fan_out", false))
        {
            reader.Problem("fan_in_fan_out is true; the linear layers of this architecture store [out, in], so only false is supported");
        }

        return new LayerOptions(reader, targets) { Biases = hasBias ? ReadBiases(reader) : TrainedBiases.None, Dropouts = probabilities };
    }

    /// <summary>The error for an option that does not fit the base.</summary>
    /// <param name="sentence">Name, value, and what is supported.</param>
    public AdapterOptionException Problem(string sentence) => new(Adapter, Method, [sentence]);

    private static TrainedBiases ReadBiases(AdapterConfigReader reader)
    {
        string bias = reader.Text("bias", "none");
        if (bias is not ("none" or "all") && !bias.EndsWith("_only", StringComparison.Ordinal))
        {
            reader.Problem($"bias is \"{bias}\"; \"none\", \"all\" and \"{reader.Method.ToLowerInvariant()}_only\" are supported");
        }

        return bias switch
        {
            "none" => TrainedBiases.None,
            "all" => TrainedBiases.All,
            _ => TrainedBiases.Targeted,
        };
    }
}
