using System.Text.Json;
using System.Text.Json.Nodes;
using SkPeft.Host.Output;
using SkPeft.Training.Data;

namespace SkPeft.Host.Training;

/// <summary>A JSON object of options. Every key that is asked for becomes known; <see cref="RequireKnown"/> refuses the others.</summary>
/// <param name="path">What the object is called in messages.</param>
/// <param name="values">The object.</param>
internal sealed class OptionBag(string path, JsonObject values)
{
    private readonly SortedSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>What the object is called in messages.</summary>
    public string Path => path;

    /// <summary>Whether a key was given.</summary>
    public bool Has(string key)
    {
        _known.Add(key);
        return values.ContainsKey(key);
    }

    public string? Text(string key) => Value(key) is not { } value ? null : value.ValueKind == JsonValueKind.String ? JsonParsing.TextOf(value) : throw Wrong(key, value, "a text");

    public string Word(string key, string fallback, params ReadOnlySpan<string> words)
    {
        string word = Text(key) ?? fallback;
        string expected = string.Join(", ", words.ToArray());
        return words.Contains(word) ? word : throw new UsageException($"{path}: {key} is '{word}', expected one of {expected}.");
    }

    public bool Flag(string key, bool fallback) => Value(key) is not { } value ? fallback
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(key, value, "true or false");

    public int? Whole(string key, int minimum) => Value(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= minimum ? number : throw Wrong(key, value, $"a whole number, {minimum} or more");

    public long? Long(string key) => Value(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= 0 ? number : throw Wrong(key, value, "a whole number, 0 or more");

    public double? Number(string key, double minimum, double maximum = double.MaxValue) => Value(key) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= minimum && number <= maximum
            ? number
            : throw Wrong(key, value, maximum == double.MaxValue ? $"a number, {minimum} or more" : $"a number, {minimum} to {maximum}");

    /// <summary>An object as it is, for somebody else to read; undefined where there is none.</summary>
    public JsonElement Raw(string key) => Value(key) is not { } value ? default
        : value.ValueKind == JsonValueKind.Object ? value : throw Wrong(key, value, "an object");

    /// <summary>Any value, or null.</summary>
    public JsonElement? Value(string key)
    {
        _known.Add(key);
        return values[key] is { } node ? JsonSerializer.SerializeToElement(node) : null;
    }

    public OptionBag? Object(string key) => Raw(key) is { ValueKind: JsonValueKind.Object } value ? Of($"{path}: {key}", value) : null;

    public IReadOnlyList<OptionBag> Objects(string key)
    {
        if (Value(key) is not { } value)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.Object)
            ? [.. value.EnumerateArray().Select((v, i) => Of($"{path}: {key}[{i}]", v))]
            : throw Wrong(key, value, "a list of objects");
    }

    /// <summary>A text with commas, or a list of texts.</summary>
    public IReadOnlyList<string> Texts(string key)
    {
        if (Value(key) is not { } value)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.String ? JsonParsing.TextOf(value).Split(',', StringSplitOptions.TrimEntries)
            : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String)
                ? [.. value.EnumerateArray().Select(JsonParsing.TextOf)]
                : throw Wrong(key, value, "a list of texts");
    }

    /// <summary>The keys of the object, all of them known now.</summary>
    public IReadOnlyList<string> Keys()
    {
        string[] keys = [.. values.Select(v => v.Key)];
        _known.UnionWith(keys);
        return keys;
    }

    /// <summary>Refuses keys that nobody asked for.</summary>
    /// <exception cref="UsageException">There are some.</exception>
    public void RequireKnown()
    {
        string[] unknown = [.. values.Select(v => v.Key).Where(k => !_known.Contains(k))];
        if (unknown.Length > 0)
        {
            throw new UsageException($"{path}: there is no option {string.Join(", ", unknown.Select(u => $"'{u}'"))}. There are {string.Join(", ", _known)}.");
        }
    }

    private static OptionBag Of(string path, JsonElement value) => new(path, JsonObject.Create(value)!);

    private UsageException Wrong(string key, JsonElement value, string expected) => new($"{path}: {key} is {JsonParsing.Describe(value)}, expected {expected}.");
}
