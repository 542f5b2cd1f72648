using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace SkPeft.Engine.Tests.Structured;

/// <summary>Random schemas of what is supported; some have no value, and some are ambiguous.</summary>
internal static class RandomSchemas
{
    private static readonly string[] s_formats = ["date", "time", "date-time", "uuid", "email", "ipv4", "ipv6", "hostname", "uri", "duration"];
    private static readonly string[] s_patterns = ["^[a-c]{2,4}$", "x", "^\\d+(\\.\\d+)?$", "^(red|grün|青い)$", "[^\"\\\\]$", "^.é?$", "^\\w+ \\w+$", "\\u00e9|\\n"];
    private static readonly string[] s_names = ["a", "b", "ab", "näme", "x y", "\"q\"", "name"];

    public static Gen<JsonNode> Any(int depth) => depth == 0 ? Scalars : Gen.Frequency(
        (3, Scalars), (3, Objects(depth)), (2, Arrays(depth)), (1, Combined("anyOf", depth)), (1, Combined("oneOf", depth)), (1, AllOf(depth)), (1, Union), (1, Recursive));

    private static Gen<JsonNode> Scalars => Gen.OneOf(
        Gen.Elements("null", "boolean", "string", "integer", "number").Select(t => (JsonNode)new JsonObject { ["type"] = t }),
        Numbers, Strings, Enums,
        Gen.Elements(s_formats).Select(f => (JsonNode)new JsonObject { ["type"] = "string", ["format"] = f }));

    private static Gen<JsonNode> Numbers =>
        from isInteger in Gen.Elements(true, false)
        from low in Gen.Choose(-2000, 2000)
        from width in Gen.Choose(0, 3000)
        from scale in Gen.Elements(1m, 10m, 1000m)
        from lowName in Gen.Elements("minimum", "exclusiveMinimum", null)
        from highName in Gen.Elements("maximum", "exclusiveMaximum", null)
        select Numeric(isInteger, low / scale, (low + width) / scale, lowName, highName);

    private static Gen<JsonNode> Strings =>
        from min in Gen.Choose(0, 4)
        from width in Gen.Choose(0, 4)
        from hasMax in Gen.Elements(true, false)
        from pattern in Gen.Elements([.. s_patterns, null, null, null])
        select Text(min, hasMax ? min + width : null, pattern);

    private static Gen<JsonNode> Enums =>
        from values in Gen.Elements("\"red\"", "\"grün\"", "\"青い空\"", "\"😀\"", "1", "1.5", "null", "true", "[1, \"a\"]", "{\"k\": [null]}", "\"a\\\"b\\n\"", "\"\"").NonEmptyListOf()
        from isConst in Gen.Elements(true, false, false)
        select (JsonNode)(isConst
            ? new JsonObject { ["const"] = JsonNode.Parse(values[0]) }
            : new JsonObject { ["enum"] = new JsonArray([.. values.Distinct().Select(v => JsonNode.Parse(v))]) });

    private static Gen<JsonNode> Union => Gen.SubListOf("string", "integer", "null", "boolean").Where(l => l.Count > 0)
        .Select(l => (JsonNode)new JsonObject { ["type"] = new JsonArray([.. l.Select(t => (JsonNode)t)]) });

    private static Gen<JsonNode> Recursive => Gen.Elements(
        """{ "type": "object", "properties": { "v": { "type": "integer" }, "next": { "anyOf": [ { "type": "null" }, { "$ref": "#/$defs/list" } ] } }, "required": [ "v", "next" ], "additionalProperties": false }""",
        """{ "anyOf": [ { "type": "string", "maxLength": 2 }, { "type": "array", "items": { "$ref": "#/$defs/list" }, "maxItems": 2 } ] }""")
        .Select(list => (JsonNode)new JsonObject { ["$ref"] = "#/$defs/list", ["$defs"] = new JsonObject { ["list"] = JsonNode.Parse(list) } });

    private static Gen<JsonNode> Objects(int depth) =>
        from names in Gen.SubListOf(s_names)
        from values in Any(depth - 1).ListOf(names.Count)
        from required in Gen.SubListOf(s_names)
        from others in Gen.Elements(0, 0, 1, 2)
        from other in Any(0)
        from least in Gen.Elements(0, 0, 0, 1, 2)
        from most in Gen.Elements<int?>(null, null, 2, 3)
        select Object(names.Zip(values), required, others == 0 ? JsonValue.Create(false) : others == 1 ? other : null, least, most);

    private static Gen<JsonNode> Arrays(int depth) =>
        from prefix in Any(depth - 1).ListOf(2)
        from usesPrefix in Gen.Elements(true, false, false)
        from items in Any(depth - 1)
        from least in Gen.Choose(0, 3)
        from width in Gen.Elements<int?>(null, 0, 1, 3)
        select Array(usesPrefix ? prefix : [], items, least, least + width);

    private static Gen<JsonNode> Combined(string keyword, int depth) =>
        Any(depth - 1).ListOf(2).Select(l => (JsonNode)new JsonObject { [keyword] = new JsonArray([.. l]) });

    private static Gen<JsonNode> AllOf(int depth) => Gen.OneOf(
        from one in Objects(depth) from two in Objects(depth) select All(one, two),
        from one in Numbers from two in Numbers select All(one, two),
        from one in Strings from two in Strings select All(one, two),
        from one in Arrays(depth) from two in Arrays(depth) select All(one, two),
        from one in Any(depth - 1) from two in Any(depth - 1) select All(one, two));

    private static JsonNode All(JsonNode one, JsonNode two) => new JsonObject { ["allOf"] = new JsonArray(one, two) };

    private static JsonNode Numeric(bool isInteger, decimal low, decimal high, string? lowName, string? highName)
    {
        JsonObject schema = new() { ["type"] = isInteger ? "integer" : "number" };
        if (lowName is not null)
        {
            schema[lowName] = low;
        }

        if (highName is not null)
        {
            schema[highName] = high;
        }

        return schema;
    }

    private static JsonNode Text(int min, int? max, string? pattern)
    {
        JsonObject schema = new() { ["type"] = "string", ["minLength"] = min };
        if (max is not null)
        {
            schema["maxLength"] = max;
        }

        if (pattern is not null)
        {
            schema["pattern"] = pattern;
        }

        return schema;
    }

    private static JsonNode Object(IEnumerable<(string Name, JsonNode Value)> properties, IEnumerable<string> required, JsonNode? others, int least, int? most)
    {
        JsonObject schema = new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(properties.Select(p => KeyValuePair.Create(p.Name, (JsonNode?)p.Value.DeepClone()))),
            ["required"] = new JsonArray([.. required.Select(n => (JsonNode)n)]),
            ["minProperties"] = least,
        };
        if (others is not null)
        {
            schema["additionalProperties"] = others.DeepClone();
        }

        if (most is not null)
        {
            schema["maxProperties"] = most;
        }

        return schema;
    }

    private static JsonNode Array(IEnumerable<JsonNode> prefix, JsonNode items, int least, int? most)
    {
        JsonObject schema = new() { ["type"] = "array", ["items"] = items.DeepClone(), ["minItems"] = least };
        if (prefix.Any())
        {
            schema["prefixItems"] = new JsonArray([.. prefix.Select(p => p.DeepClone())]);
        }

        if (most is not null)
        {
            schema["maxItems"] = most;
        }

        return schema;
    }
}
