using System.Text.Json;

namespace SkPeft;

/// <summary>
/// Reads <c>adapter_config.json</c> strictly: a key that nobody read and whose value is not inert (null, false, 0, "", [], {}) is a
/// problem, because ignoring an option would serve another function than the one that was trained. All problems are reported together.
/// </summary>
public sealed class AdapterConfigReader
{
    // Bookkeeping that every method shares and that never changes what is computed at inference.
    private static readonly string[] s_bookkeeping =
        ["peft_type", "task_type", "base_model_name_or_path", "revision", "inference_mode", "peft_version", "auto_mapping"];

    private readonly AdapterPackage _package;
    private readonly HashSet<string> _read = new(s_bookkeeping, StringComparer.Ordinal);
    private readonly List<string> _problems = [];
    private readonly Dictionary<string, object> _defaults = new(StringComparer.Ordinal);

    /// <summary>Starts reading.</summary>
    /// <param name="package">The adapter.</param>
    /// <exception cref="FileFormatException">The configuration is not a JSON object.</exception>
    public AdapterConfigReader(AdapterPackage package)
    {
        _package = package;
        if (package.Config.ValueKind != JsonValueKind.Object)
        {
            throw new FileFormatException($"{package.Name}/adapter_config.json", "document", package.Config.ValueKind.ToString(), "a JSON object");
        }

        CheckText(package.Config);

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

    /// <summary>The configuration file, for messages.</summary>
    public string File => $"{_package.Name}/adapter_config.json";

    /// <summary>What was read of keys that are null or absent: the defaults, by key.</summary>
    public IReadOnlyDictionary<string, object> Defaults => _defaults;

    /// <summary>Reads an integer; null or absent gives the default.</summary>
    public int Integer(string key, int otherwise) =>
        Get(key) is not { } value ? Default(key, otherwise)
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number
        : throw Wrong(key, value, "an integer");

    /// <summary>Reads a number; null or absent gives the default.</summary>
    public float Number(string key, float otherwise) =>
        Get(key) is not { } value ? Default(key, otherwise)
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && float.IsFinite((float)number) ? (float)number
        : throw Wrong(key, value, "a finite number");

    /// <summary>Reads true or false; null or absent gives the default.</summary>
    public bool Flag(string key, bool otherwise) =>
        Get(key) is not { } value ? Default(key, otherwise)
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(key, value, "true or false");

    /// <summary>Reads a string; null or absent gives the default.</summary>
    public string Text(string key, string otherwise) =>
        Get(key) is not { } value ? Default(key, otherwise)
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw Wrong(key, value, "a string");

    /// <summary>Reads a list of strings, or one string as a list of one; null or absent gives null.</summary>
    public IReadOnlyList<string>? Texts(string key)
    {
        if (Get(key) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return [value.GetString()!];
        }

        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(e => e.ValueKind != JsonValueKind.String))
        {
            throw Wrong(key, value, "a string or a list of strings");
        }

        return [.. value.EnumerateArray().Select(e => e.GetString()!)];
    }

    /// <summary>Reads a list of integers, or one integer as a list of one; null or absent gives null.</summary>
    public IReadOnlyList<int>? Integers(string key)
    {
        if (Get(key) is not { } value)
        {
            return null;
        }

        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        return items.All(e => e.ValueKind == JsonValueKind.Number && e.TryGetInt32(out _))
            ? [.. items.Select(e => e.GetInt32())]
            : throw Wrong(key, value, "an integer or a list of integers");
    }

    /// <summary>Reads an object whose values are numbers, in the order of the file (patterns are tried in order).</summary>
    public IReadOnlyList<KeyValuePair<string, float>> Numbers(string key)
    {
        if (Get(key) is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.Number || !float.IsFinite((float)p.Value.GetDouble())))
        {
            throw Wrong(key, value, "an object of finite numbers");
        }

        return [.. value.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, (float)p.Value.GetDouble()))];
    }

    /// <summary>Notes the default of a key that was read as null or absent.</summary>
    /// <param name="key">The key.</param>
    /// <param name="otherwise">The default.</param>
    /// <returns>The default.</returns>
    public T Default<T>(string key, T otherwise)
        where T : notnull
    {
        _defaults[key] = otherwise;
        return otherwise;
    }

    /// <summary>The raw value of a key, or null where it is null or absent. The key counts as read.</summary>
    public JsonElement? Get(string key)
    {
        _read.Add(key);
        return _package.Config.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>Marks keys that change training only (dropout, initialisation …), so that any value is fine.</summary>
    public void TrainingOnly(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            _read.Add(key);
        }
    }

    /// <summary>Notes an option that cannot be served; <see cref="Finish"/> reports all of them.</summary>
    /// <param name="sentence">Name, value, and what is supported.</param>
    public void Problem(string sentence) => _problems.Add(sentence);

    /// <summary>Ends reading: every key that nobody read must be inert.</summary>
    /// <exception cref="AdapterOptionException">There are problems.</exception>
    public void Finish()
    {
        foreach (JsonProperty property in _package.Config.EnumerateObject())
        {
            if (!_read.Contains(property.Name) && !IsInert(property.Value))
            {
                Problem($"{property.Name} is {Shorten(property.Value.GetRawText())}, an option that this method does not implement");
            }
        }

        if (_problems.Count > 0)
        {
            throw new AdapterOptionException(_package.Name, _package.PeftType, _problems);
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

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..77] + "...";

    // Escapes of half a surrogate pair are legal JSON and cannot be read as text; found here once, they need no care anywhere else.
    private void CheckText(JsonElement value)
    {
        try
        {
            Walk(value);
        }
        catch (InvalidOperationException error)
        {
            throw new FileFormatException(File, "text", "half a surrogate pair", "valid Unicode", error);
        }
    }

    private static void Walk(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Walk(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    _ = property.Name;
                    Walk(property.Value);
                }

                break;
            default:
                break;
        }
    }

    private FileFormatException Wrong(string key, JsonElement value, string expected) =>
        new(File, key, Shorten(value.GetRawText()), expected);
}
