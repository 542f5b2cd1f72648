using System.Text.Json;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Skills;
using SkPeft.Engine;
using SkPeft.Testing;

namespace SkPeft.Connectors.Tests;

/// <summary>Answers of the shipped model under a schema, through the client.</summary>
public sealed class StructuredOutputTests : IClassFixture<TinyHost>, IDisposable
{
    private readonly TinyHost _host;
    private readonly LanguageModel _model = LanguageModel.Open(
        Path.Combine(SharedFolder.RepositoryRoot, "models", "skpeft-tiny", "skpeft-tiny.gguf"), new LanguageModelOptions { Threads = 1 });

    private readonly PeftChatClient _client;

    public StructuredOutputTests(TinyHost host)
    {
        _host = host;
        SkillMap skills = new([new() { Name = "plain", Adapter = "base", Prompt = "{input}" }], allowBase: true);
        _client = new PeftChatClient(_model, host.Runtime.Residency, new SkillRouter(skills));
    }

    public static TheoryData<string> Schemas =>
    [
        """{ "type": "object", "properties": { "name": { "type": "string", "maxLength": 12 }, "stars": { "type": "integer", "minimum": 1, "maximum": 5 } }, "required": [ "name", "stars" ], "additionalProperties": false }""",
        """{ "type": "array", "items": { "enum": [ "rot", "grün", "青い空", "😀", null, 7 ] }, "minItems": 2, "maxItems": 4 }""",
        """{ "anyOf": [ { "type": "number", "exclusiveMinimum": -0.5, "maximum": 12.25 }, { "type": "string", "format": "date" } ] }""",
        """{ "type": "object", "required": [ "kind" ], "oneOf": [ { "properties": { "kind": { "const": "a" }, "x": { "type": "boolean" } } }, { "properties": { "kind": { "const": "b" } } } ] }""",
        """{ "type": "string", "pattern": "^[A-Z]{2}-\\d{3}(é|ü)?$" }""",
        """{ "$ref": "#/$defs/tree", "$defs": { "tree": { "type": "object", "properties": { "v": { "type": "integer", "minimum": 0, "maximum": 99 }, "l": { "$ref": "#/$defs/maybe" } }, "required": [ "v", "l" ], "additionalProperties": false }, "maybe": { "anyOf": [ { "type": "null" }, { "$ref": "#/$defs/tree" } ] } } }""",
        """{ "type": "object", "additionalProperties": { "type": "array", "items": { "type": "boolean" }, "maxItems": 2 }, "minProperties": 1, "maxProperties": 2 }""",
    ];

    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task GetResponse_ASchema_IsValidWheneverItStops(string schema)
    {
        JsonElement element = JsonElement.Parse(schema);
        int stopped = 0;
        for (int seed = 0; seed < 15; seed++)
        {
            ChatResponse response = await _client.GetResponseAsync("The answer is ", Options(ChatResponseFormat.ForJsonSchema(element), seed), Token);
            if (response.FinishReason == ChatFinishReason.Stop)
            {
                stopped++;
                new SchemaCheck(element).Problem(response.Text).ShouldBeNull();
            }
            else
            {
                response.FinishReason.ShouldBe(ChatFinishReason.Length);
            }
        }

        // How often an answer ends by itself is the model's business; it must happen, or nothing was checked.
        stopped.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task GetResponse_JsonMode_IsAnObject_AndCutOffItSaysLength()
    {
        int stopped = 0;
        for (int seed = 0; seed < 8; seed++)
        {
            ChatResponse response = await _client.GetResponseAsync("JSON: ", Options(ChatResponseFormat.Json, seed), Token);
            response.Text.TrimStart().ShouldStartWith("{");
            if (response.FinishReason == ChatFinishReason.Stop)
            {
                stopped++;
                JsonElement.Parse(response.Text).ValueKind.ShouldBe(JsonValueKind.Object);
            }
        }

        stopped.ShouldBeGreaterThan(0);
        ChatOptions options = Options(ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{ "type": "string", "minLength": 400 }""")), 1);
        options.MaxOutputTokens = 5;
        (await _client.GetResponseAsync("JSON: ", options, Token)).FinishReason.ShouldBe(ChatFinishReason.Length);
    }

    [Fact]
    public async Task GetResponse_AType_IsReadBackFromTheAnswer()
    {
        int read = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            ChatOptions options = Options(ChatResponseFormat.ForJsonSchema<Review>(), seed);
            options.MaxOutputTokens = 400;
            ChatResponse response = await _client.GetResponseAsync("The review as JSON: ", options, Token);
            if (response.FinishReason == ChatFinishReason.Stop)
            {
                Review review = JsonSerializer.Deserialize<Review>(response.Text, AIJsonUtilities.DefaultOptions)!;
                review.Mood.ShouldBeOneOf(Mood.Good, Mood.Bad);
                review.Id.ShouldNotBe(Guid.Empty);
                read++;
            }
        }

        read.ShouldBeGreaterThan(2);
    }

    [Fact]
    public async Task GetResponse_ASchemaThatCannotBeHeldTo_IsRefusedByKeywordAndPlace()
    {
        SchemaException not = await Refused("""{ "type": "object", "properties": { "a/b": { "not": { "type": "null" } } } }""");
        (not.Pointer, not.Keyword).ShouldBe(("#/properties/a~1b", "not"));
        SchemaException empty = await Refused("""{ "type": "array", "minItems": 1, "items": { "type": "integer", "minimum": 3, "exclusiveMaximum": 3 } }""");
        empty.Pointer.ShouldBe("#/items");

        async Task<SchemaException> Refused(string schema) => await Should.ThrowAsync<SchemaException>(
            () => _client.GetResponseAsync("x", Options(ChatResponseFormat.ForJsonSchema(JsonElement.Parse(schema)), 1), Token));
    }

    [Fact]
    public async Task GetResponse_JsonFromLabels_IsRefused()
    {
        ChatOptions options = TinyHost.Options("skill", "mood");
        options.ResponseFormat = ChatResponseFormat.Json;
        (await Should.ThrowAsync<InvalidOptionException>(() => _host.Client.GetResponseAsync("x", options, Token))).Option.ShouldBe("ResponseFormat");
    }

    public void Dispose() => _model.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ChatOptions Options(ChatResponseFormat format, int seed) => new()
    {
        ResponseFormat = format,
        Temperature = 1.5f,
        Seed = seed,
        MaxOutputTokens = 60,
        AdditionalProperties = new() { ["skill"] = "plain" },
    };

    private enum Mood
    {
        Good,
        Bad,
    }

    private sealed record Review(Guid Id, DateTimeOffset At, char Grade, Mood Mood, long? Stars, Dictionary<string, bool> Flags, Review? Reply);
}
