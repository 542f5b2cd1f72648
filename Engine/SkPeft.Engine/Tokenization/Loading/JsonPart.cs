using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>A value in a JSON file that knows where it stands, so that every complaint can say so.</summary>
internal readonly struct JsonPart(string file, string path, JsonElement element)
{
    /// <summary>For people, not for a web page.</summary>
    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string File => file;

    public string Path => path;

    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    public bool IsArray => element.ValueKind == JsonValueKind.Array;

    public bool IsString => element.ValueKind == JsonValueKind.String;

    /// <summary>A member; null where it is absent or null.</summary>
    public JsonPart? this[string name]
    {
        get
        {
            if (!IsObject)
            {
                throw Wrong("an object");
            }

            return element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
                ? new JsonPart(file, path.Length == 0 ? name : $"{path}.{name}", value)
                : null;
        }
    }

    public JsonPart Need(string name, string expected) =>
        this[name] ?? throw new FileFormatException(file, path.Length == 0 ? name : $"{path}.{name}", "nothing", expected);

    public IEnumerable<JsonPart> Items()
    {
        if (!IsArray)
        {
            throw Wrong("an array");
        }

        (string ofFile, string ofPath) = (file, path);
        return element.EnumerateArray().Select((item, i) => new JsonPart(ofFile, $"{ofPath}[{i}]", item));
    }

    /// <summary>Members in the file's order, with names that occur twice.</summary>
    public IEnumerable<(string Name, JsonPart Value)> Members()
    {
        if (!IsObject)
        {
            throw Wrong("an object");
        }

        (string ofFile, string ofPath) = (file, path);
        JsonPart self = this;
        return element.EnumerateObject().Select(m => self.NameOf(m) is var name ? (name, new JsonPart(ofFile, $"{ofPath}[{Quote(name)}]", m.Value)) : default);
    }

    public string AsString()
    {
        try
        {
            return IsString ? element.GetString()! : throw Wrong("a string");
        }
        catch (InvalidOperationException e)
        {
            throw new FileFormatException(file, path, "half a surrogate pair", "text", e);
        }
    }

    public bool AsBool() => element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Wrong("true or false");

    public int AsInt(int minimum, int maximum) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int value) && value >= minimum && value <= maximum
            ? value
            : throw Wrong(string.Create(CultureInfo.InvariantCulture, $"a whole number from {minimum} to {maximum}"));

    public double AsNumber() => element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double value) ? value : throw Wrong("a number");

    public int? AsIntOrNull() => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int value) ? value : null;

    /// <summary>The value without the file's own blanks.</summary>
    public string Compact()
    {
        try
        {
            return JsonSerializer.Serialize(element);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new FileFormatException(file, path, "half a surrogate pair", "text", e);
        }
    }

    public FileFormatException Wrong(string expected)
    {
        string found = element.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            _ => element.GetRawText(),
        };
        return new FileFormatException(file, path.Length == 0 ? "the file" : path, found.Length > 80 ? found[..80] + "…" : found, expected);
    }

    public UnsupportedModelException Unsupported(string supported)
    {
        string found = element.GetRawText();
        return new UnsupportedModelException(file, path, found.Length > 120 ? found[..120] + "…" : found, supported);
    }

    public static string Quote(string text) => JsonSerializer.Serialize(text.Length > 60 ? text[..60] + "…" : text, s_readable);

    private string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException e)
        {
            throw new FileFormatException(file, path, "a name with half a surrogate pair", "text", e);
        }
    }
}
