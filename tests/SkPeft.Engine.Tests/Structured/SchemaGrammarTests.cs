using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using SkPeft.Engine.Structured;

namespace SkPeft.Engine.Tests.Structured;

public sealed class SchemaGrammarTests
{
    [Theory]
    [InlineData("""{ "type": "object" }""", """{"a": [1, {"b": null}], "c": "é"}""", """[]""")]
    [InlineData("""{ "type": "object", "properties": { "a": { "type": "integer" }, "b": { "type": "string" } } }""", """{"b": "x"}""", """{"b": "x", "a": 1}""")]
    [InlineData("""{ "type": "object", "properties": { "a": {} }, "required": [ "a", "z" ], "additionalProperties": { "type": "null" } }""", """{"a": 1, "z": null, "q": null}""", """{"a": 1}""")]
    [InlineData("""{ "type": "object", "properties": { "a": {} }, "additionalProperties": { "type": "null" } }""", """{"b": null}""", """{"b": null, "a": 1}""")]
    [InlineData("""{ "type": "array", "prefixItems": [ { "const": 1 } ], "items": { "const": 2 } }""", """[1, 2, 2]""", """[2]""")]
    [InlineData("""{ "type": "string", "minLength": 2, "maxLength": 3 }""", "\"é😀\"", "\"é\"")]
    [InlineData("""{ "type": "string", "minLength": 2, "maxLength": 3 }""", "\"\\n\\\"\"", "\"abcd\"")]
    [InlineData("""{ "enum": [ "grün", { "k": [ 1.50 ] } ] }""", """{"k": [1.50]}""", "\"gr\"")]
    [InlineData("""{ "properties": { "a": { "type": "null" } } }""", """{"a": null}""", "7")]
    [InlineData("""{ "allOf": [ { "type": "integer" }, { "minimum": 3 }, { "enum": [ 1, 5, "x" ] } ] }""", "5", "1")]
    [InlineData("""{ "type": "string", "pattern": "b+$" }""", "\"ab\"", "\"ba\"")]
    [InlineData("""{ "type": "object", "maxProperties": 1 }""", """{"a": 1}""", """{"a": 1, "b": 1}""")]
    [InlineData("""{ "type": "integer", "format": "int32" }""", "-2147483648", "2147483648")]
    [InlineData("true", "[]", "[}")]
    public void Compile_TakesWhatIsValid_AndNothingElse(string schema, string valid, string invalid)
    {
        foreach (Babbler babbler in (Babbler[])[Babbler.Tiny, Babbler.Bytes, Babbler.Pieces])
        {
            TokenGrammar grammar = babbler.Compile(schema);
            babbler.Accepts(grammar, valid).ShouldBeTrue(valid);
            babbler.Accepts(grammar, invalid).ShouldBeFalse(invalid);
        }
    }

    [Theory]
    [InlineData("""{"a":1,"b":[true,false]}""")]
    [InlineData("""{"a": 1, "b": [true, false]}""")]
    [InlineData("{\n  \"a\": 1,\n  \"b\": [\n    true,\n    false\n  ]\n}")]
    [InlineData("{\n\t\"a\": 1,\n\t\"b\": [\n\t\ttrue\n\t]\n}")]
    public void Compile_WhiteSpaceAsPeopleWriteIt_IsTaken(string text) => Babbler.Tiny.Accepts(Babbler.Tiny.Compile("true"), text).ShouldBeTrue();

    [Fact]
    public void Say_AModelThatLovesBlanks_ComesToAnEndAllTheSame()
    {
        TokenGrammar grammar = Babbler.Tiny.Compile("""{ "type": "array", "items": { "type": "boolean" }, "minItems": 2, "maxItems": 3 }""");
        for (int seed = 0; seed < 10; seed++)
        {
            (string text, bool ended) = Babbler.Tiny.Say(grammar, seed, likes: " \n\t");
            ended.ShouldBeTrue(text);
            JsonElement.Parse(text).GetArrayLength().ShouldBeInRange(2, 3);
        }
    }

    [Fact]
    public void Accepts_ManyLevelsOfRecursion_NeedNoMoreThanAStack()
    {
        const int levels = 2000;
        TokenGrammar grammar = Babbler.Bytes.Compile("""{ "type": "array", "items": { "$ref": "#" }, "maxItems": 1 }""");
        Babbler.Bytes.Accepts(grammar, new string('[', levels) + new string(']', levels)).ShouldBeTrue();
        Babbler.Bytes.Accepts(grammar, new string('[', levels) + new string(']', levels - 1)).ShouldBeFalse();
    }

    [Fact]
    public void Say_AGrammarWithMoreWaysThanCanBeKept_IsStillValid()
    {
        const string schema = """{ "anyOf": [ { "type": "array", "prefixItems": [ { "$ref": "#" } ], "items": { "type": "null" } }, { "type": "array", "prefixItems": [ { "$ref": "#" } ], "items": { "type": "boolean" } }, { "type": "array", "items": { "$ref": "#" } } ] }""";
        TokenGrammar grammar = Babbler.Bytes.Compile(schema);
        Babbler.Bytes.Accepts(grammar, new string('[', 40) + new string(']', 40)).ShouldBeTrue();
        (string text, bool ended) = Babbler.Bytes.Say(grammar, 3, likes: "[", most: 40);
        (text, ended).ShouldBe((new string('[', 40), false));
    }

    /// <summary>Digit by digit: exactly the numbers between the bounds.</summary>
    [Fact]
    public void Compile_Bounds_TakeExactlyTheNumbersBetween()
    {
        Gen<decimal> numbers = from digits in Gen.Choose(-120_000, 120_000) from scale in Gen.Elements(1m, 10m, 100m, 10_000m) select digits / scale;
        var cases = from low in numbers
                    from high in numbers
                    from number in numbers
                    from near in Gen.Choose(-2, 2)
                    from isLowOpen in Gen.Elements(true, false)
                    from isHighOpen in Gen.Elements(true, false)
                    from isInteger in Gen.Elements(true, false)
                    from atBound in Gen.Elements(true, false)
                    select (Low: Math.Min(low, high), High: Math.Max(low, high), Number: atBound ? low + (near / 10_000m) : number, isLowOpen, isHighOpen, isInteger);
        int inside = 0;
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            string low = $"\"{(c.isLowOpen ? "exclusiveMinimum" : "minimum")}\": {Text(c.Low)}", high = $"\"{(c.isHighOpen ? "exclusiveMaximum" : "maximum")}\": {Text(c.High)}";
            bool expected = (c.isLowOpen ? c.Number > c.Low : c.Number >= c.Low) && (c.isHighOpen ? c.Number < c.High : c.Number <= c.High)
                && (!c.isInteger || decimal.Floor(c.Number) == c.Number);
            TokenGrammar grammar;
            try
            {
                grammar = Babbler.Bytes.Compile($$"""{ "type": "{{(c.isInteger ? "integer" : "number")}}", {{low}}, {{high}} }""");
            }
            catch (SchemaException)
            {
                expected.ShouldBeFalse();
                return;
            }

            inside += expected ? 1 : 0;
            Babbler.Bytes.Accepts(grammar, Text(c.Number)).ShouldBe(expected, $"{Text(c.Number)} in {low}, {high}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(600).WithReplay(5, 7));
        inside.ShouldBeGreaterThan(80);
    }

    public static TheoryData<string, string, string> Refused() => new()
    {
        { """{ "not": {} }""", "#", "not" },
        { """{ "properties": { "a": { "items": { "multipleOf": 3 } } } }""", "#/properties/a/items", "multipleOf" },
        { """{ "patternProperties": { "a": {} } }""", "#", "patternProperties" },
        { """{ "type": "array", "uniqueItems": true }""", "#", "uniqueItems" },
        { """{ "allOf": [ true, { "if": {}, "then": {} } ] }""", "#/allOf/1", "if" },
        { """{ "type": "text" }""", "#", "type" },
        { """{ "type": "string", "format": "regex" }""", "#", "format" },
        { """{ "type": "string", "pattern": "(?=x)" }""", "#", "pattern" },
        { """{ "type": "string", "pattern": "(a)\\1" }""", "#", "pattern" },
        { """{ "type": "string", "pattern": "\\bword" }""", "#", "pattern" },
        { """{ "type": "string", "maxLength": -1 }""", "#", "maxLength" },
        { """{ "type": "number", "maximum": 1.2345678901234567 }""", "#", "maximum" },
        { """{ "$ref": "#/$defs/none" }""", "#", "$ref" },
        { """{ "$ref": "other.json" }""", "#", "$ref" },
        { """{ "$ref": "#" }""", "#", "$ref" },
        { """{ "anyOf": [ { "$ref": "#" }, { "type": "null" } ] }""", "#", "$ref" },
        { """{ "oneOf": [ { "type": "integer" }, { "type": "number" } ] }""", "#", "oneOf" },
        { """{ "oneOf": [ { "type": "string", "format": "date" }, { "type": "string", "format": "email" } ] }""", "#", "oneOf" },
        { """{ "type": "object", "properties": { "next": { "$ref": "#" } }, "required": [ "next" ] }""", "#", "schema" },
        { """{ "type": "object", "required": [ "a" ], "additionalProperties": false }""", "#/additionalProperties", "schema" },
        { """{ "enum": [ 1, 2 ], "type": "string" }""", "#", "schema" },
        { "false", "#", "schema" },
        { "[]", "#", "schema" },
        { """{ "items": [ true ] }""", "#/items", "schema" },
        { """{ "type": "string", "minLength": 3, "maxLength": 2 }""", "#", "schema" },
        { """{ "type": "string", "pattern": "^(a|b){900}$", "minLength": 950 }""", "#", "schema" },
        { """{ "type": "string", "pattern": "^((a{30}){30}){30}" }""", "#", "pattern" },
        { """{ "type": "array", "minItems": 9000000 }""", "#", "schema" },
        { """{ "type": "array", "items": { "type": "object", "minProperties": 2, "additionalProperties": { "type": "null" } } }""", "#/items", "minProperties" },
        { """{ "type": "object", "properties": { "a": {} }, "minProperties": 3 }""", "#", "minProperties" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Compile_WhatCannotBeHeldTo_IsRefusedByKeywordAndPlace(string schema, string pointer, string keyword)
    {
        SchemaException error = Should.Throw<SchemaException>(() => Babbler.Bytes.Compile(schema));
        (error.Pointer, error.Keyword).ShouldBe((pointer, keyword));
        error.Message.ShouldContain("expected");
    }

    [Fact]
    public void Compile_OneOfByAConst_IsTaken()
    {
        const string schema = """{ "oneOf": [ { "type": "object", "properties": { "k": { "const": "a" } }, "required": [ "k" ] }, { "type": "object", "properties": { "k": { "const": "b" }, "n": { "type": "null" } }, "required": [ "k", "n" ] }, { "type": "array" } ] }""";
        TokenGrammar grammar = Babbler.Tiny.Compile(schema);
        Babbler.Tiny.Accepts(grammar, """{"k": "b", "n": null}""").ShouldBeTrue();
        Babbler.Tiny.Accepts(grammar, """{"k": "b"}""").ShouldBeFalse();
    }

    private static string Text(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);
}
