using System.Text.Json;

namespace SkPeft;

/// <summary>
/// Typed reading of a JSON object's keys. Keys that are read are remembered and problems are collected, so that a whole object is judged
/// at once and nothing in it is passed over in silence.
/// </summary>
public abstract class OptionReader
{
    private readonly JsonElement _options;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly List<string> _problems = [];

    /// <summary>Starts reading.</summary>
    /// <param name="file">Where the object comes from, for messages.</param>
    /// <param name="options">The object.</param>
    /// <exception cref="FileFormatException">It is not a JSON object, or a text in it is not valid Unicode.</exception>
    protected OptionReader(string file, JsonElement options)
    {
        File = file;
        _options = options;
        if (options.ValueKind != JsonValueKind.Object)
        {
            throw new FileFormatException(file, "document", options.ValueKind.ToString(), "a JSON object");
        }

        CheckText(options);
    }

    /// <summary>Where the object comes from, for messages.</summary>
    public string File { get; }

    /// <summary>What <see cref="Problem"/> was told.</summary>
    protected IReadOnlyList<string> Problems => _problems;

    /// <summary>The keys that nobody read.</summary>
    protected IEnumerable<JsonProperty> Unread => _options.EnumerateObject().Where(p => !_read.Contains(p.Name));

    /// <summary>Reads an integer; null or absent gives the default.</summary>
    public int Integer(string key, int otherwise) =>
        Get(key) is not { } value ? otherwise
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number
        : throw Wrong(key, value, "an integer");

    /// <summary>Reads a number; null or absent gives the default.</summary>
    public float Number(string key, float otherwise) =>
        Get(key) is not { } value ? otherwise
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && float.IsFinite((float)number) ? (float)number
        : throw Wrong(key, value, "a finite number");

    /// <summary>Reads true or false; null or absent gives the default.</summary>
    public bool Flag(string key, bool otherwise) =>
        Get(key) is not { } value ? otherwise
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(key, value, "true or false");

    /// <summary>Reads a string; null or absent gives the default.</summary>
    public string Text(string key, string otherwise) =>
        Get(key) is not { } value ? otherwise
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

    /// <summary>The raw value of a key, or null where it is null or absent. The key counts as read.</summary>
    public JsonElement? Get(string key)
    {
        _read.Add(key);
        return _options.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>Notes that a value is not supported; all are reported together at the end.</summary>
    /// <param name="sentence">Name, value, and what is supported.</param>
    public void Problem(string sentence) => _problems.Add(sentence);

    /// <summary>Marks keys as read, so that any value is fine.</summary>
    protected void Accept(params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            _read.Add(key);
        }
    }

    /// <summary>A text cut to a length that a message can carry.</summary>
    protected static string Shorten(string text) => text.Length <= 80 ? text : text[..77] + "...";

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
