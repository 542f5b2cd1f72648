using SkPeft.Tensors.Layers;

namespace SkPeft.Peft.Lora;

/// <summary>What a LoRA's configuration says beside what the family shares, as HF PEFT 0.21 writes it.</summary>
internal sealed record LoraConfig
{
    /// <summary>The ranks.</summary>
    public required ModuleNumbers Ranks { get; init; }

    /// <summary>The alphas.</summary>
    public required ModuleNumbers Alphas { get; init; }

    /// <summary>Whether the scale is α/√r (arXiv 2312.03732) and not α/r.</summary>
    public required bool RankStabilised { get; init; }

    /// <summary>Whether magnitudes are learned apart (arXiv 2402.09353).</summary>
    public required bool Dora { get; init; }

    /// <summary>Whether B has a bias.</summary>
    public required bool BiasOnB { get; init; }

    /// <summary>Reads and checks the keys.</summary>
    /// <exception cref="FileFormatException">A value has the wrong type.</exception>
    public static LoraConfig Read(AdapterConfigReader reader)
    {
        LoraConfig config = new()
        {
            Ranks = ModuleNumbers.ReadWhole(reader, "r", 8, "rank_pattern"),
            Alphas = ModuleNumbers.Read(reader, "lora_alpha", 8, "alpha_pattern"),
            RankStabilised = reader.Flag("use_rslora", false),
            Dora = reader.Flag("use_dora", false),
            BiasOnB = reader.Flag("lora_bias", false),
        };
        if (config is { Dora: true, BiasOnB: true })
        {
            reader.Problem("lora_bias is true together with use_dora; DoRA has no bias on B");
        }

        return config;
    }

    /// <summary>What B A is multiplied with: α/r or α/√r, with the module's own rank and alpha.</summary>
    public float ScaleOf(string module)
    {
        double rank = Ranks.WholeOf(module);
        return (float)(Alphas.Of(module) / (RankStabilised ? Math.Sqrt(rank) : rank));
    }
}
