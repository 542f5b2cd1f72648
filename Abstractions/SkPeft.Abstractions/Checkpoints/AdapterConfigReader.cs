using System.Text.Json;

namespace SkPeft;

/// <summary>
/// Reads <c>adapter_config.json</c> strictly: a key that nobody read and whose value is not inert (null, false, 0, "", [], {}) is a
/// problem, because ignoring an option would serve another function than the one that was trained. All problems are reported together.
/// </summary>
public sealed class AdapterConfigReader : OptionReader
{
    // Bookkeeping that every method shares and that never changes what is computed at inference.
    private static readonly string[] s_bookkeeping =
        ["peft_type", "task_type", "base_model_name_or_path", "revision", "inference_mode", "peft_version", "auto_mapping"];

    private readonly AdapterPackage _package;

    /// <summary>Starts reading.</summary>
    /// <param name="package">The adapter.</param>
    /// <exception cref="FileFormatException">The configuration is not a JSON object.</exception>
    public AdapterConfigReader(AdapterPackage package)
        : base($"{package.Name}/adapter_config.json", package.Config)
    {
        _package = package;
        Accept(s_bookkeeping);

        // A SEQ_CLS adapter answers with label probabilities from a head of its own: serving it as a language model would be wrong in silence.
        string task = Text("task_type", "CAUSAL_LM");
        if (task is not ("CAUSAL_LM" or ""))
        {
            Problem($"task_type is {task}; CAUSAL_LM is supported");
        }
    }

    /// <summary>The adapter, as the caller named it.</summary>
    public string Adapter => _package.Name;

    /// <summary>The <c>peft_type</c>.</summary>
    public string Method => _package.PeftType;

    /// <summary>Marks keys that change training only (dropout, initialisation …), so that any value is fine.</summary>
    public void TrainingOnly(params ReadOnlySpan<string> keys) => Accept(keys);

    /// <summary>Ends reading: every key that nobody read must be inert.</summary>
    /// <exception cref="AdapterOptionException">There are problems.</exception>
    public void Finish()
    {
        foreach (JsonProperty property in Unread.Where(p => !IsInert(p.Value)))
        {
            Problem($"{property.Name} is {Shorten(property.Value.GetRawText())}, an option that this method does not implement");
        }

        if (Problems.Count > 0)
        {
            throw new AdapterOptionException(_package.Name, _package.PeftType, Problems);
        }
    }

    private static bool IsInert(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False or JsonValueKind.Undefined => true,
        JsonValueKind.Number => value.TryGetDouble(out double number) && number == 0,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };
}
