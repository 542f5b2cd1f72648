using System.Text.Json;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>The keywords that are held to, and those that say nothing about a value. Every other is refused: it would be dropped in silence.</summary>
internal static class Keywords
{
    private const int MaxDepth = 200;

    private static readonly HashSet<string> s_values = new(StringComparer.Ordinal)
    {
        "type", "enum", "const", "minLength", "maxLength", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "minItems", "maxItems", "required", "minProperties", "maxProperties", "$ref",
    };

    private static readonly HashSet<string> s_schemas = new(StringComparer.Ordinal) { "items", "additionalProperties" };

    private static readonly HashSet<string> s_lists = new(StringComparer.Ordinal) { "prefixItems", "allOf", "anyOf", "oneOf" };

    private static readonly HashSet<string> s_maps = new(StringComparer.Ordinal) { "properties", "$defs", "definitions" };

    private static readonly HashSet<string> s_remarks = new(StringComparer.Ordinal)
    {
        "$schema", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "contentMediaType", "contentEncoding",
    };

    /// <summary>Sees to it that a schema, and all within it, uses known keywords only.</summary>
    /// <exception cref="SchemaException">It does not.</exception>
    public static void Check(JsonElement schema, SchemaOrigin origin, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw origin.Wrong("schema", $"more than {MaxDepth} schemas inside each other", "fewer");
        }

        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return;
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            throw origin.Wrong("schema", $"{schema.ValueKind}", "an object, true or false");
        }

        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            CheckKeyword(keyword.Name, keyword.Value, origin, depth);
        }
    }

    private static void CheckKeyword(string name, JsonElement value, SchemaOrigin origin, int depth)
    {
        if (s_schemas.Contains(name))
        {
            Check(value, origin.At(name), depth + 1);
        }
        else if (s_lists.Contains(name))
        {
            Require(value, JsonValueKind.Array, name, origin, "a list of schemas");
            int index = 0;
            foreach (JsonElement item in value.EnumerateArray())
            {
                Check(item, origin.At(name, index++), depth + 1);
            }
        }
        else if (s_maps.Contains(name))
        {
            Require(value, JsonValueKind.Object, name, origin, "schemas by name");
            foreach (JsonProperty item in value.EnumerateObject())
            {
                Check(item.Value, origin.At(name).At(item.Name), depth + 1);
            }
        }
        else if (!s_values.Contains(name) && !s_remarks.Contains(name) && !IsHarmless(name, value, depth))
        {
            string known = string.Join(", ", s_values.Concat(s_schemas).Concat(s_lists).Concat(s_maps).Order(StringComparer.Ordinal));
            throw origin.Wrong(name, "a keyword that answers cannot be held to", $"a schema of {known}");
        }
    }

    private static bool IsHarmless(string name, JsonElement value, int depth) =>
        name.StartsWith("x-", StringComparison.Ordinal)
        || (name == "$id" && depth == 0)
        || (name == "uniqueItems" && value.ValueKind == JsonValueKind.False);

    private static void Require(JsonElement value, JsonValueKind kind, string name, SchemaOrigin origin, string expected)
    {
        if (value.ValueKind != kind)
        {
            throw origin.Wrong(name, $"{value.ValueKind}", expected);
        }
    }
}
