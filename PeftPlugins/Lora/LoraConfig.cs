namespace SkPeft.Peft.Lora;

/// <summary>The configuration of a LoRA adapter, as HF PEFT 0.21 writes it.</summary>
internal sealed record LoraConfig
{
    /// <summary>The rank where no pattern says otherwise.</summary>
    public required int Rank { get; init; }

    /// <summary>Alpha where no pattern says otherwise.</summary>
    public required float Alpha { get; init; }

    /// <summary>Ranks of modules that differ.</summary>
    public required ModulePatterns RankPattern { get; init; }

    /// <summary>Alphas of modules that differ.</summary>
    public required ModulePatterns AlphaPattern { get; init; }

    /// <summary>Whether the scale is α/√r (arXiv 2312.03732) and not α/r.</summary>
    public required bool RankStabilised { get; init; }

    /// <summary>Whether magnitudes are learned apart (arXiv 2402.09353).</summary>
    public required bool Dora { get; init; }

    /// <summary>Whether B has a bias.</summary>
    public required bool BiasOnB { get; init; }

    /// <summary>What the whole family shares.</summary>
    public required LoraFamilyOptions Family { get; init; }

    /// <summary>Reads and checks the configuration.</summary>
    /// <exception cref="AdapterOptionException">An option is not supported; all of them are listed.</exception>
    /// <exception cref="FileFormatException">A value has the wrong type.</exception>
    public static LoraConfig Read(AdapterPackage package)
    {
        AdapterConfigReader reader = new(package);
        LoraConfig config = new()
        {
            Rank = reader.Integer("r", 8),
            Alpha = reader.Number("lora_alpha", 8),
            RankPattern = ModulePatterns.Read(reader, "rank_pattern"),
            AlphaPattern = ModulePatterns.Read(reader, "alpha_pattern"),
            RankStabilised = reader.Flag("use_rslora", false),
            Dora = reader.Flag("use_dora", false),
            BiasOnB = reader.Flag("lora_bias", false),
            Family = LoraFamilyOptions.Read(reader),
        };
        if (config.Rank < 1)
        {
            reader.Problem($"r is {config.Rank}; a rank is at least 1");
        }

        foreach (float rank in config.RankPattern.Values.Where(v => v < 1 || v > int.MaxValue || v != MathF.Floor(v)))
        {
            reader.Problem($"rank_pattern has a rank of {rank}; a rank is a whole number of at least 1");
        }

        if (config is { Dora: true, BiasOnB: true })
        {
            reader.Problem("lora_bias is true together with use_dora; DoRA has no bias on B");
        }

        reader.Finish();
        return config;
    }

    /// <summary>The rank of a module.</summary>
    public int RankOf(string module) => (int)(RankPattern.Find(module) ?? Rank);

    /// <summary>What B A is multiplied with: α/r or α/√r, with the module's own rank and alpha.</summary>
    public float ScaleOf(string module)
    {
        double rank = RankOf(module);
        return (float)((AlphaPattern.Find(module) ?? Alpha) / (RankStabilised ? Math.Sqrt(rank) : rank));
    }
}
