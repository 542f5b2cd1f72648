using System.Text.Json;

namespace SkPeft.Peft.Lora;

/// <summary>What an AdaLoRA's configuration says beside what the family shares, as HF PEFT 0.21 writes it.</summary>
internal sealed record AdaLoraConfig
{
    // A module's name stands in front of ".lora_E", and older files have the adapter's name behind it.
    private const string AdapterName = "default";

    /// <summary>The rank that every module began with.</summary>
    public required int InitialRank { get; init; }

    /// <summary>Alpha.</summary>
    public required float Alpha { get; init; }

    /// <summary>The ranks that pruning left, by module; modules that are not here kept the initial one.</summary>
    public required IReadOnlyDictionary<string, int> Ranks { get; init; }

    /// <summary>Whether a run starts with singular values of 0.</summary>
    public required bool StartsAtBase { get; init; }

    /// <summary>Reads and checks the keys.</summary>
    /// <exception cref="FileFormatException">A value has the wrong type.</exception>
    public static AdaLoraConfig Read(AdapterConfigReader reader)
    {
        // AdaLoRA inherits LoRA's options; these it has, writes and does not use (peft 0.21, AdaLoraLayer).
        reader.TrainingOnly("r", "use_rslora", "alpha_pattern", "lora_bias");
        reader.TrainingOnly("target_r", "tinit", "tfinal", "deltaT", "beta1", "beta2", "orth_reg_weight", "total_step");
        AdaLoraConfig config = new()
        {
            InitialRank = reader.Integer("init_r", 12),
            Alpha = reader.Number("lora_alpha", 8),
            Ranks = ReadRanks(reader),
            StartsAtBase = reader.Get("init_lora_weights") is not { ValueKind: JsonValueKind.False },
        };
        if (config.InitialRank < 1)
        {
            reader.Problem($"init_r is {config.InitialRank}; a rank is at least 1");
        }

        foreach ((string module, int rank) in config.Ranks.Where(r => r.Value > config.InitialRank))
        {
            reader.Problem($"rank_pattern keeps {rank} rows of {module}, more than the {config.InitialRank} of init_r");
        }

        return config;
    }

    /// <summary>The rank of a module.</summary>
    /// <param name="module">Its name as the adapter's file has it.</param>
    public int RankOf(string module) => Ranks.GetValueOrDefault(module, InitialRank);

    /// <summary>α / (r₀ + 1e-5); pruning does not change it. An alpha that is not positive means the module's rank.</summary>
    public float ScaleOf(int rank) => (float)((Alpha > 0 ? Alpha : rank) / (InitialRank + 1e-5));

    private static Dictionary<string, int> ReadRanks(AdapterConfigReader reader)
    {
        Dictionary<string, int> ranks = new(StringComparer.Ordinal);
        if (reader.Get("rank_pattern") is not { } value)
        {
            return ranks;
        }

        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(p => !IsMask(p.Value)))
        {
            throw new FileFormatException(reader.File, "rank_pattern", $"a {value.ValueKind}", "an object of lists of true and false, one for each row of A");
        }

        foreach (JsonProperty mask in value.EnumerateObject())
        {
            ranks[ModuleOf(mask.Name)] = mask.Value.EnumerateArray().Count(e => e.ValueKind == JsonValueKind.True);
        }

        return ranks;
    }

    private static bool IsMask(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(e => e.ValueKind is JsonValueKind.True or JsonValueKind.False);

    private static string ModuleOf(string key)
    {
        string name = key.StartsWith(AdapterTensors.Prefix, StringComparison.Ordinal) ? key[AdapterTensors.Prefix.Length..] : key;
        string[] parts = name.Split('.');
        return string.Join('.', parts[..^Math.Min(parts.Length, name.Contains(AdapterName, StringComparison.Ordinal) ? 2 : 1)]);
    }
}
