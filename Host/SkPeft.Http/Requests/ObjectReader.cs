using System.Text.Json;
using SkPeft.Http.Errors;

namespace SkPeft.Http.Requests;

/// <summary>Reads members of a JSON object by name. A null member counts as absent; what cannot be read is a 400 that names it.</summary>
internal sealed class ObjectReader
{
    private readonly JsonElement _value;
    private readonly string _path;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <param name="value">The object.</param>
    /// <param name="path">Where it stands, for instance <c>messages[0]</c>; empty for the body.</param>
    public ObjectReader(JsonElement value, string path = "")
    {
        (_value, _path) = (value, path);
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw ApiException.BadValue(path, JsonShown.Of(value), "an object");
        }
    }

    /// <summary>The members that are there, null ones too.</summary>
    public IEnumerable<JsonProperty> Members => _value.EnumerateObject();

    public string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";

    public JsonElement? Any(string name)
    {
        _known.Add(name);
        return _value.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    public string? Text(string name) => Any(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Wrong(name, value, "a text");

    public string RequiredText(string name) => Text(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw Missing(name, "a text");

    public bool? Flag(string name) => Any(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(name, value, "true or false");

    public double? Number(string name, double minimum, double maximum) => Any(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.GetDouble() is { } number && number >= minimum && number <= maximum ? number
        : throw Wrong(name, value, minimum <= float.MinValue ? "a number" : $"a number, {minimum} to {maximum}");

    public int? Integer(string name, int minimum, int maximum) => (int?)Long(name, minimum, maximum);

    public long? Long(string name, long minimum = long.MinValue, long maximum = long.MaxValue) => Any(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= minimum && number <= maximum ? number
        : throw Wrong(name, value, minimum <= -int.MaxValue ? "a whole number" : $"a whole number, {minimum} to {maximum}");

    /// <summary>A list of texts; one text alone is a list of one; empty where it is absent.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (Any(name) is not { } value)
        {
            return [];
        }

        JsonElement[] items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        return Array.TrueForAll(items, i => i.ValueKind == JsonValueKind.String)
            ? [.. items.Select(i => i.GetString()!)]
            : throw Wrong(name, value, "a text or a list of texts");
    }

    public ObjectReader? Object(string name) => Any(name) is { } value ? new ObjectReader(value, PathOf(name)) : null;

    /// <summary>The items of a list, each with its path; null where it is absent.</summary>
    public IReadOnlyList<(JsonElement Value, string Path)>? List(string name) => Any(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select((item, i) => (item, $"{PathOf(name)}[{i}]"))]
        : throw Wrong(name, value, "a list");

    /// <summary>Refuses members that nobody has read: a member that would be dropped is a mistake of whoever sent it.</summary>
    public void RefuseOthers()
    {
        foreach (JsonProperty member in Members)
        {
            if (!_known.Contains(member.Name))
            {
                throw ApiException.BadRequest(
                    PathOf(member.Name), $"{PathOf(member.Name)}: there is no such parameter here, expected one of {string.Join(", ", _known)}.", "unknown_parameter");
            }
        }
    }

    public ApiException Wrong(string name, JsonElement value, string expected) => ApiException.BadValue(PathOf(name), JsonShown.Of(value), expected);

    public ApiException Missing(string name, string expected) =>
        ApiException.BadRequest(PathOf(name), $"{PathOf(name)}: nothing is given, expected {expected}.", "missing_required_parameter");
}
