using System.Text.Json;

namespace SkPeft.Peft.Lora;

/// <summary>Options that LoRA and AdaLoRA share: targets, full copies, trained biases, and everything that only training uses.</summary>
/// <param name="Targets">Which modules are adapted.</param>
/// <param name="ModulesToSave">Names of modules that are copied in full.</param>
/// <param name="Biases">Which of the base's biases were trained.</param>
/// <param name="EnsureWeightTying">Whether embedding and head of a tied base are to stay one.</param>
internal sealed record LoraFamilyOptions(TargetModules Targets, IReadOnlyList<string> ModulesToSave, TrainedBiases Biases, bool EnsureWeightTying)
{
    // These decompose the base's weight and leave the rest in it: A and B alone belong to a base that nobody has any more.
    private static readonly string[] s_changeTheBase = ["pissa", "olora", "corda", "loftq", "lora_ga"];
    private static readonly string[] s_keepTheBase = ["gaussian", "eva", "orthogonal", "mica", "true", "false"];

    /// <summary>Reads the shared keys.</summary>
    public static LoraFamilyOptions Read(AdapterConfigReader reader)
    {
        reader.TrainingOnly("lora_dropout", "megatron_core", "qalora_group_size", "eva_config", "loftq_config", "corda_config", "lora_ga_config");
        CheckInitialisation(reader);
        if (reader.Flag("fan_in_fan_out", false))
        {
            reader.Problem("fan_in_fan_out is true; the linear layers of this architecture store [out, in], so only false is supported");
        }

        IReadOnlyList<string> saved = SavedModules.ReadNames(reader);
        TrainedBiases biases = reader.Text("bias", "none") switch
        {
            "none" => TrainedBiases.None,
            "all" => TrainedBiases.All,
            "lora_only" => TrainedBiases.Targeted,
            string other => Unknown(reader, other),
        };
        return new LoraFamilyOptions(TargetModules.Read(reader, saved, "q_proj", "v_proj"), saved, biases, reader.Flag("ensure_weight_tying", false));
    }

    private static TrainedBiases Unknown(AdapterConfigReader reader, string value)
    {
        reader.Problem($"bias is \"{value}\"; \"none\", \"all\" and \"lora_only\" are supported");
        return TrainedBiases.None;
    }

    private static void CheckInitialisation(AdapterConfigReader reader)
    {
        if (reader.Get("init_lora_weights") is not { } value || value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return;
        }

        string name = value.ValueKind == JsonValueKind.String ? value.GetString()!.ToLowerInvariant() : value.GetRawText();
        if (s_changeTheBase.Any(name.StartsWith))
        {
            reader.Problem($"init_lora_weights is \"{name}\", which changes the base model's weights, so A and B alone are not the adapter; " +
                "convert it: save_pretrained(..., path_initial_model_for_weight_conversion=...) writes a plain LoRA");
        }
        else if (!s_keepTheBase.Contains(name))
        {
            reader.Problem($"init_lora_weights is {name}; true, false, \"gaussian\", \"eva\", \"orthogonal\" and \"mica\" are known to leave the base as it is");
        }
    }
}
