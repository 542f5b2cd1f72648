using SkPeft.Tensors.Training;

namespace SkPeft.Peft.Bottleneck;

/// <summary>The configuration of a bottleneck adapter, a format of our own.</summary>
internal sealed record BottleneckConfig
{
    /// <summary>Where the networks stand.</summary>
    public required Placement Placement { get; init; }

    /// <summary>The inner width m.</summary>
    public required int Width { get; init; }

    /// <summary>The activation between the two projections.</summary>
    public required Func<Tensor, Tensor> Activation { get; init; }

    /// <summary>What the parallel placement multiplies the network's output with.</summary>
    public required float Scale { get; init; }

    /// <summary>Reads and checks the configuration.</summary>
    /// <exception cref="AdapterOptionException">An option is not supported; all of them are listed.</exception>
    /// <exception cref="FileFormatException">A value has the wrong type.</exception>
    public static BottleneckConfig Read(AdapterPackage package)
    {
        AdapterConfigReader reader = new(package);
        string placement = reader.Text("placement", "");
        string activation = reader.Text("activation", "");
        BottleneckConfig config = new()
        {
            Placement = Enum.GetValues<Placement>().FirstOrDefault(p => NameOf(p) == placement),
            Width = reader.Integer("bottleneck", 0),
            Activation = Activations.Find(activation) ?? (x => x),
            Scale = reader.Number("scale", 1),
        };
        if (NameOf(config.Placement) != placement)
        {
            reader.Problem($"placement is \"{placement}\"; {string.Join(", ", Enum.GetValues<Placement>().Select(NameOf))} are supported");
        }

        if (Activations.Find(activation) is null)
        {
            reader.Problem($"activation is \"{activation}\"; {Activations.Names} are supported");
        }

        if (config.Width < 1)
        {
            reader.Problem($"bottleneck is {config.Width}; a width of at least 1 is needed");
        }

        if (config is { Placement: not Placement.Parallel, Scale: not 1 })
        {
            reader.Problem($"scale is {config.Scale}; behind a sub-layer only 1 is supported, scales belong to the parallel placement");
        }

        reader.Finish();
        return config;
    }

    /// <summary>Gives a run what its configuration leaves open: the presets that the papers' placements are known by.</summary>
    /// <param name="draft">The run's configuration.</param>
    public static ConfigDraft Complete(ConfigDraft draft)
    {
        string placement = draft.Default("placement", NameOf(Placement.Houlsby)).Text("placement");
        bool isParallel = placement == NameOf(Placement.Parallel);
        return draft
            .Default("bottleneck", 16)
            .Default("activation", placement == NameOf(Placement.Houlsby) ? "gelu" : "relu")
            .Default("scale", isParallel ? 4.0 : 1.0);
    }

    /// <summary>The places of the networks.</summary>
    /// <param name="layers">How many blocks the base has.</param>
    public IEnumerable<BottleneckPlace> Places(int layers)
    {
        SubLayerKind[] places = Placement == Placement.Houlsby ? [SubLayerKind.Attention, SubLayerKind.Mlp] : [SubLayerKind.Mlp];
        return Enumerable.Range(0, layers).SelectMany(layer => places.Select(place => new BottleneckPlace(layer, place)));
    }

    private static string NameOf(Placement placement) => placement.ToString().ToLowerInvariant();
}
