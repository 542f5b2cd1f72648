using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SkPeft.Testing;

/// <summary>A small JSON schema validator, written without a look at the product's: values against keywords, one by one.</summary>
/// <param name="root">The schema.</param>
public sealed class SchemaCheck(JsonElement root)
{
    /// <summary>What is wrong with a text; null where it is valid JSON for the schema.</summary>
    public string? Problem(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 2000 });
            return Problem(document.RootElement, root, "$");
        }
        catch (JsonException error)
        {
            return $"not JSON: {error.Message}";
        }
    }

    private string? Problem(JsonElement value, JsonElement schema, string at)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return schema.ValueKind == JsonValueKind.True ? null : $"{at}: nothing is allowed here";
        }

        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            if (Problem(value, schema, keyword.Name, keyword.Value, at) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private string? Problem(JsonElement value, JsonElement schema, string keyword, JsonElement says, string at)
    {
        string? If(bool isWrong) => isWrong ? $"{at}: {value.GetRawText()} against {keyword} {says.GetRawText()}" : null;
        double number = value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
        string? text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        int? length = text?.EnumerateRunes().Count();
        int? items = value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : null;
        int? properties = value.ValueKind == JsonValueKind.Object ? value.EnumerateObject().Select(p => p.Name).Distinct().Count() : null;
        switch (keyword)
        {
            case "type":
                return If(!(says.ValueKind == JsonValueKind.String ? [says.GetString()!] : says.EnumerateArray().Select(t => t.GetString()!)).Any(t => IsOf(value, t)));
            case "enum":
                return If(!says.EnumerateArray().Any(e => JsonElement.DeepEquals(e, value)));
            case "const":
                return If(!JsonElement.DeepEquals(says, value));
            case "minimum":
                return If(number < says.GetDouble());
            case "maximum":
                return If(number > says.GetDouble());
            case "exclusiveMinimum":
                return If(number <= says.GetDouble());
            case "exclusiveMaximum":
                return If(number >= says.GetDouble());
            case "minLength":
                return If(length < says.GetInt32());
            case "maxLength":
                return If(length > says.GetInt32());
            case "pattern":
                return If(text is not null && !Regex.IsMatch(text, says.GetString()!.TrimEnd('$') + (says.GetString()!.EndsWith('$') ? "\\z" : "")));
            case "format":
                return If(text is not null && !HasFormat(text, says.GetString()!));
            case "minItems":
                return If(items < says.GetInt32());
            case "maxItems":
                return If(items > says.GetInt32());
            case "minProperties":
                return If(properties < says.GetInt32());
            case "maxProperties":
                return If(properties > says.GetInt32());
            case "required":
                return If(properties is not null && says.EnumerateArray().Any(n => !value.TryGetProperty(n.GetString()!, out _)));
            case "prefixItems":
                return items is null ? null : First(says.EnumerateArray().Zip(value.EnumerateArray()), p => Problem(p.Second, p.First, $"{at}[]"));
            case "items":
                int skip = schema.TryGetProperty("prefixItems", out JsonElement prefix) ? prefix.GetArrayLength() : 0;
                return items is null ? null : First(value.EnumerateArray().Skip(skip), item => Problem(item, says, $"{at}[]"));
            case "properties":
                return properties is null ? null : First(
                    value.EnumerateObject().Where(p => says.TryGetProperty(p.Name, out _)), p => Problem(p.Value, says.GetProperty(p.Name), $"{at}.{p.Name}"));
            case "additionalProperties":
                bool IsKnown(string name) => schema.TryGetProperty("properties", out JsonElement known) && known.TryGetProperty(name, out _);
                return properties is null ? null : First(value.EnumerateObject().Where(p => !IsKnown(p.Name)), p => Problem(p.Value, says, $"{at}.{p.Name}"));
            case "allOf":
                return First(says.EnumerateArray(), s => Problem(value, s, at));
            case "anyOf":
                return If(!says.EnumerateArray().Any(s => Problem(value, s, at) is null));
            case "oneOf":
                return If(says.EnumerateArray().Count(s => Problem(value, s, at) is null) != 1);
            case "$ref":
                return Problem(value, Follow(says.GetString()!), at);
            case "$defs" or "definitions" or "title" or "description" or "$schema":
                return null;
            default:
                throw new InvalidOperationException($"The check does not know {keyword}.");
        }
    }

    private static string? First<T>(IEnumerable<T> items, Func<T, string?> problem) => items.Select(problem).FirstOrDefault(p => p is not null);

    private JsonElement Follow(string reference) => reference.Split('/').Skip(1).Aggregate(root, (at, name) =>
        at.ValueKind == JsonValueKind.Array ? at[int.Parse(name, CultureInfo.InvariantCulture)] : at.GetProperty(name));

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && Math.Floor(value.GetDouble()) == value.GetDouble(),
        "string" => value.ValueKind == JsonValueKind.String,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => throw new InvalidOperationException($"The check does not know the type {type}."),
    };

    private static bool HasFormat(string text, string format) => format switch
    {
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "date-time" => text.Contains('T') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _),
        "time" => DateTimeOffset.TryParse($"2020-01-01T{text}", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _),
        "duration" => IsDuration(text),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        "ipv4" => IPAddress.TryParse(text, out IPAddress? four) && four.ToString() == text,
        "ipv6" => text.Contains(':') && IPAddress.TryParse(text, out _),
        "email" => System.Net.Mail.MailAddress.TryCreate(text, out System.Net.Mail.MailAddress? mail) && mail.Address == text,
        "hostname" => Uri.CheckHostName(text) == UriHostNameType.Dns,
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        _ => throw new InvalidOperationException($"The check does not know the format {format}."),
    };

    // XML knows no weeks.
    private static bool IsDuration(string text)
    {
        try
        {
            System.Xml.XmlConvert.ToTimeSpan(text.EndsWith('W') ? text[..^1] + "D" : text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
        catch (OverflowException)
        {
            return true;
        }
    }
}
