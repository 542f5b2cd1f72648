using System.Text.Json;
using SkPeft.Tensors.Formats;

namespace SkPeft.Engine.Models;

/// <summary>Typed, range-checked access to a JSON object. A key that is null counts as absent, as it does for transformers.</summary>
internal sealed class ConfigJson : IDisposable
{
    private readonly JsonDocument? _owned;
    private readonly JsonElement _object;
    private readonly string _prefix;

    private ConfigJson(string path, JsonElement element, string prefix, JsonDocument? owned) =>
        (Path, _object, _prefix, _owned) = (path, element, prefix, owned);

    public string Path { get; }

    public IEnumerable<string> Keys => _object.EnumerateObject().Select(property => property.Name);

    public static ConfigJson Open(string path)
    {
        JsonDocument document = JsonFile.Read(path);
        return new ConfigJson(path, document.RootElement, string.Empty, document);
    }

    public void Dispose() => _owned?.Dispose();

    /// <summary>The key with what stands around it, for messages.</summary>
    public string NameOf(string key) => _prefix + key;

    /// <summary>The value, or null where the key is absent or null.</summary>
    public JsonElement? Find(string key) =>
        _object.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public bool IsExplicitNull(string key) => _object.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Null;

    public ConfigJson? Object(string key)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Object
            ? new ConfigJson(Path, value, $"{_prefix}{key}.", null)
            : throw Wrong(key, value, "an object or null");
    }

    public string? String(string key) => Find(key) is { } value ? JsonFile.StringOf(Path, NameOf(key), value) : null;

    public bool Bool(string key, bool absent) => Find(key) switch
    {
        null => absent,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Wrong(key, value, "true or false"),
    };

    /// <summary>An integer from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public int? Integer(string key, int least, int most) => Find(key) is { } value ? Integer(key, value, least, most) : null;

    public int Integer(string key, JsonElement value, int least, int most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most
            ? number
            : throw Wrong(key, value, $"an integer of {least} to {most}");

    /// <summary>A size that must be there: at least 1.</summary>
    public int Size(string key, int most) =>
        Integer(key, 1, most) ?? throw new FileFormatException(Path, NameOf(key), "nothing", $"an integer of 1 to {most}");

    /// <summary>A finite number above 0.</summary>
    public double? Positive(string key)
    {
        if (Find(key) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number) && number > 0
            ? number
            : throw Wrong(key, value, "a finite number above 0");
    }

    public FileFormatException Wrong(string key, JsonElement value, string expected) => new(Path, NameOf(key), Describe(value), expected);

    /// <summary>A value's JSON, cut to a length that fits a message.</summary>
    public static string Describe(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= 120 ? text : $"{text[..120]}…";
    }
}
