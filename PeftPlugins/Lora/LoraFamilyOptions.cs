using System.Text.Json;
using SkPeft.Tensors.Layers;
using SkPeft.Tensors.Training;

namespace SkPeft.Peft.Lora;

/// <summary>Options that LoRA and AdaLoRA share: targets, full copies, trained biases, and everything that only training uses.</summary>
/// <param name="Layers">What all methods on single layers have.</param>
/// <param name="KeepsTies">Whether embedding and head of this base are one and are to stay so.</param>
/// <param name="Tokens">Tokens with new rows.</param>
internal sealed record LoraFamilyOptions(LayerOptions Layers, bool KeepsTies, TrainedTokens Tokens)
{
    private const string DropoutKey = "lora_dropout";
    private const string TiesProblem =
        "ensure_weight_tying is true for a base whose head is its embedding; an adapter that changes both as one is not supported";

    // These decompose the base's weight and leave the rest in it: A and B alone belong to a base that nobody has any more.
    private static readonly string[] s_changeTheBase = ["pissa", "olora", "corda", "loftq", "lora_ga"];
    private static readonly string[] s_keepTheBase = ["gaussian", "eva", "orthogonal", "mica", "true", "false"];

    /// <summary>Reads the shared keys.</summary>
    /// <param name="reader">The configuration.</param>
    /// <param name="shape">The base.</param>
    public static LoraFamilyOptions Read(AdapterConfigReader reader, ModelShape shape)
    {
        reader.TrainingOnly("megatron_core", "qalora_group_size", "eva_config", "loftq_config", "corda_config", "lora_ga_config");
        CheckInitialisation(reader);
        LayerOptions layers = LayerOptions.Read(reader, hasBias: true, DropoutKey);
        bool keepsTies = reader.Flag("ensure_weight_tying", false) && shape.Sizes.TiedEmbeddings;
        if (keepsTies && layers.ModulesToSave.Any(m => m.EndsWith("embed_tokens", StringComparison.Ordinal) || m.EndsWith("lm_head", StringComparison.Ordinal)))
        {
            reader.Problem(TiesProblem);
        }

        TrainedTokens tokens = TrainedTokens.Read(reader, shape);
        if (tokens.Modules.FirstOrDefault(m => layers.ModulesToSave.Any(s => m.Name.EndsWith(s, StringComparison.Ordinal))) is { } both)
        {
            reader.Problem($"trainable_token_indices gives {both.Name} new rows, which modules_to_save copies whole; one of the two is supported");
        }

        return new LoraFamilyOptions(layers, keepsTies, tokens);
    }

    /// <summary>What A does not see of a layer's input in a step of training, or null.</summary>
    public DropoutMask? DropoutOf(TargetLayer layer) => StepDraws.OfRows(layer.Module.Name, Layers.Dropout(DropoutKey));

    /// <summary>Refuses a layer that these options cannot adapt.</summary>
    /// <exception cref="AdapterOptionException">It is one.</exception>
    public void Check(TargetLayer layer)
    {
        if (KeepsTies && (layer.Module.Kind == ModuleKind.Embedding || layer.Module.Linear is { Kind: LinearKind.Head }))
        {
            throw Layers.Problem(TiesProblem);
        }

        if (Tokens.Modules.Contains(layer.Module))
        {
            throw Layers.Problem($"trainable_token_indices gives {layer.Module.Name} new rows, which is targeted too; a module is either adapted or has new rows");
        }
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
