using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SkPeft.Engine.Structured;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Structured;

/// <summary>A schema comes from a stranger: it is taken, or refused with its reason, and nothing else happens.</summary>
public sealed class HostileSchemaTests
{
    private static readonly string[] s_schemas =
    [
        """{ "type": "object", "properties": { "a": { "type": "string", "minLength": 1, "maxLength": 5, "pattern": "^[a-z]+$" }, "b": { "type": [ "integer", "null" ], "minimum": 0, "exclusiveMaximum": 9.5 } }, "required": [ "a" ], "additionalProperties": { "$ref": "#/properties/a" }, "maxProperties": 3 }""",
        """{ "$ref": "#/$defs/n", "$defs": { "n": { "oneOf": [ { "type": "null" }, { "type": "array", "items": { "$ref": "#/$defs/n" }, "prefixItems": [ { "enum": [ 1, "x", { "k": [] } ] } ], "minItems": 1, "maxItems": 3 } ] } } }""",
        """{ "allOf": [ { "anyOf": [ { "const": "a" }, { "format": "date", "type": "string" } ] }, { "maxLength": 10 }, true ], "title": "t", "default": null }""",
    ];

    [Fact]
    public void Compile_DamagedSchemas_AreTakenOrRefusedByName()
    {
        int taken = 0, refused = 0;
        Prop.ForAll(JsonMutations.Of(s_schemas).ToArbitrary(), bytes =>
        {
            JsonElement schema;
            try
            {
                schema = JsonElement.Parse(bytes);
            }
            catch (JsonException)
            {
                return;
            }

            try
            {
                Babbler.Bytes.Say(Babbler.Bytes.Compile(new JsonPart(schema, "schema")), 1, most: 50);
                taken++;
            }
            catch (SchemaException error)
            {
                error.Pointer.ShouldStartWith("#");
                refused++;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500).WithReplay(11, 13));
        taken.ShouldBeGreaterThan(10);
        refused.ShouldBeGreaterThan(200);
    }

    [Fact]
    public void Compile_AChainOfReferencesWithoutEnd_IsRefused_NotTheEndOfTheProcess()
    {
        IEnumerable<string> plain = Enumerable.Range(0, 30_000).Select(i => $$"""  "{{i}}": { "$ref": "#/$defs/{{i + 1}}" } """);
        IEnumerable<string> all = Enumerable.Range(0, 30_000).Select(i => $$"""  "{{i}}": { "allOf": [ { "$ref": "#/$defs/{{i + 1}}" } ] } """);
        foreach (IEnumerable<string> chain in new[] { plain, all })
        {
            string schema = $$"""{ "$ref": "#/$defs/0", "$defs": { {{string.Join(',', chain)}}, "30000": { "type": "null" } } }""";
            Should.Throw<SchemaException>(() => Babbler.Bytes.Compile(schema)).Keyword.ShouldBe("$ref");
        }
    }

    [Fact]
    public void Compile_ALongEnum_IsTaken_AndATooLongOneRefused()
    {
        string[] names = [.. Enumerable.Range(0, 4000).Select(i => $"\"item {i:D5}\"")];
        TokenGrammar grammar = Babbler.Bytes.Compile($$"""{ "enum": [ {{string.Join(',', names)}} ] }""");
        Babbler.Bytes.Accepts(grammar, names[1234]).ShouldBeTrue();
        Babbler.Bytes.Accepts(grammar, "\"item 04000\"").ShouldBeFalse();
        string tooLong = string.Join(',', Enumerable.Range(0, 4000).Select(i => $"\"{i:D5} is an item\""));
        Should.Throw<SchemaException>(() => Babbler.Bytes.Compile($$"""{ "enum": [ {{tooLong}} ] }""")).Message.ShouldContain("states");
    }

    [Fact]
    public void Compile_HalfASurrogatePair_IsRefused() =>
        Should.Throw<SchemaException>(() => Babbler.Bytes.Compile("""{ "enum": [ "\ud800" ] }""")).Message.ShouldContain("surrogate");
}
