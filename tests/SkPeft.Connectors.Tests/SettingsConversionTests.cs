using System.Text.Json;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Requests;

namespace SkPeft.Connectors.Tests;

public sealed class SettingsConversionTests
{
    [Fact]
    public void Read_WhateverCaseAndType_IsTyped_AndTheRestStays()
    {
        Dictionary<string, object> values = new()
        {
            ["Adapter"] = "red@1", ["SKILL"] = JsonElement.Parse("\"say\""), ["temperature"] = "0.5", ["Top_K"] = 4.0, ["seed"] = JsonElement.Parse("9007199254740993"),
            ["max_tokens"] = (short)3, ["stop_sequences"] = "x", ["tags"] = new List<object> { "a", "b" }, ["tag"] = "c", ["logit_bias"] = JsonElement.Parse("""{ "7": -1 }"""),
            ["labels"] = new Dictionary<object, object> { ["fine"] = new List<object> { "a" }, ["poor"] = "b" }, ["response_format"] = "json_object", ["custom"] = 1, ["tenant"] = JsonElement.Parse("null"),
        };

        RequestSettings settings = SettingsConversion.Read(values, new RequestSettings { MinP = 0.2f, Temperature = 2 }, out Dictionary<string, object> rest);

        (settings.Adapter, settings.Skill, settings.Temperature, settings.TopK, settings.Seed, settings.MaxTokens, settings.MinP, settings.Tenant)
            .ShouldBe(("red@1", "say", 0.5f, 4, 9007199254740993, 3, 0.2f, null));
        settings.StopSequences.ShouldBe(["x"]);
        settings.Tags.ShouldBe(["a", "b", "c"]);
        settings.LogitBias![7].ShouldBe(-1);
        settings.Labels!.Select(l => $"{l.Name}={string.Join("|", l.Words)}").ShouldBe(["fine=a", "poor=b"]);
        settings.ResponseFormat.ShouldBe(ChatResponseFormat.Json);
        rest.ShouldBe(new Dictionary<string, object> { ["custom"] = 1 });
    }

    [Theory]
    [InlineData("temperature", "warm")]
    [InlineData("top_k", 1.5)]
    [InlineData("seed", "1.5")]
    [InlineData("labels", "one")]
    [InlineData("response_format", "yaml")]
    [InlineData("adapter", 3)]
    public void Read_AWrongValue_IsNamed(string name, object value) =>
        Should.Throw<InvalidOptionException>(() => SettingsConversion.Read([KeyValuePair.Create(name, value)], new RequestSettings(), out _)).Option.ShouldBe(name);

    [Fact]
    public void ApplyTo_WhatIsNotGiven_LeavesTheOptionsAsTheyAre()
    {
        ChatOptions options = new() { Temperature = 0.3f, StopSequences = ["x"], AdditionalProperties = new() { ["adapter"] = "a" } };

        new RequestSettings { Skill = "say", TopK = 3 }.ApplyTo(options);

        (options.Temperature, options.TopK).ShouldBe((0.3f, 3));
        options.StopSequences.ShouldBe(["x"]);
        options.AdditionalProperties.ShouldBe(new AdditionalPropertiesDictionary { ["adapter"] = "a", ["skill"] = "say" });
    }

    [Theory]
    [InlineData("\"text\"", "text")]
    [InlineData("\"json_object\"", "json_object")]
    [InlineData("""{"type":"json_object"}""", "json_object")]
    [InlineData("""{"type":"object","properties":{}}""", """{"type":"object","properties":{}}""")]
    [InlineData("""{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"array"}}}""", """{"type":"array"}""")]
    public void Formats_AsFilesWriteThem(string json, string written)
    {
        ChatResponseFormat format = FormatConversion.Read("response_format", JsonElement.Parse(json));

        FormatConversion.Write(format).ToString().ShouldBe(written);
        FormatConversion.Write(FormatConversion.Read("response_format", FormatConversion.Write(format))).ToString().ShouldBe(written);
    }

    [Fact]
    public void Formats_ATypeAndAMapOfYaml()
    {
        FormatConversion.Read("f", typeof(Point)).ShouldBeOfType<ChatResponseFormatJson>().Schema!.Value.GetProperty("properties").TryGetProperty("x", out _).ShouldBeTrue();
        Dictionary<object, object> yaml = new() { ["type"] = "object", ["required"] = new List<object> { "a" } };
        JsonElement written = FormatConversion.Write(FormatConversion.Read("f", yaml));
        (written.GetProperty("type").GetString(), written.GetProperty("required")[0].GetString()).ShouldBe(("object", "a"));
        Should.Throw<InvalidOptionException>(() => FormatConversion.Read("f", 3)).Option.ShouldBe("f");
    }

    private sealed record Point(int X);
}
