using System.Net;
using System.Text.Json;
using SkPeft.Testing;

namespace SkPeft.Http.Tests;

/// <summary>Tools and formats through the door, on a random model whose template writes tools: it is held to them, or it would say noise.</summary>
public sealed class ToolAndFormatTests : IAsyncLifetime
{
    private const string Path = "/v1/chat/completions";
    private const string Schema = """{ "type": "object", "properties": { "city": { "type": "string", "maxLength": 8 }, "days": { "type": "integer", "minimum": 1, "maximum": 9 } }, "required": [ "city", "days" ], "additionalProperties": false }""";
    private const string Tool = $$"""{ "type": "function", "function": { "name": "weather", "description": "Tells the weather.", "parameters": {{Schema}}, "strict": true } }""";

    private readonly TemporaryFolder _folder = new();
    private TestServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        TinyLlama.Write(_folder.PathOf("noise"));
        _server = await TestServer.StartAsync(model: s => s with { Model = _folder.PathOf("noise"), Store = _folder.PathOf("store"), Skills = [] });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task ARequiredCall_HasValidArguments_AndItsResultCanBeSentBack()
    {
        JsonElement body = (await AskAsync($$""", "tools": [ {{Tool}} ], "tool_choice": "required", "parallel_tool_calls": false, "max_tokens": 120, "temperature": 1, "seed": 3""")).ShouldBe(HttpStatusCode.OK).Json;

        JsonElement choice = body.GetProperty("choices")[0];
        choice.GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
        choice.GetProperty("message").GetProperty("content").ValueKind.ShouldBe(JsonValueKind.Null);
        JsonElement call = choice.GetProperty("message").GetProperty("tool_calls").EnumerateArray().ShouldHaveSingleItem();
        RequireWeather(call);

        string again = $$"""
            { "model": "noise", "max_tokens": 4, "tools": [ {{Tool}} ], "tool_choice": "auto", "messages": [ { "role": "user", "content": "Weather?" }, {{choice.GetProperty("message").GetRawText()}},
              { "role": "tool", "tool_call_id": {{JsonSerializer.Serialize(call.GetProperty("id").GetString())}}, "content": "sunny" } ] }
            """;
        JsonElement next = (await _server.PostAsync(Path, again)).ShouldBe(HttpStatusCode.OK).Json;
        next.GetProperty("usage").GetProperty("prompt_tokens").GetInt32().ShouldBeGreaterThan(body.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task ANamedCall_Streamed_ComesInPieces()
    {
        Reply reply = (await AskAsync(
            $$""", "tools": [ {{Tool}} ], "tool_choice": { "type": "function", "function": { "name": "weather" } }, "parallel_tool_calls": false, "max_tokens": 120, "temperature": 1, "seed": 5, "stream": true"""))
            .ShouldBe(HttpStatusCode.OK);

        JsonElement[] calls = [.. reply.Events.Select(e => e.GetProperty("choices")[0].GetProperty("delta")).Where(d => d.TryGetProperty("tool_calls", out _)).SelectMany(d => d.GetProperty("tool_calls").EnumerateArray())];
        calls.Length.ShouldBeGreaterThan(1);
        calls.ShouldAllBe(c => c.GetProperty("index").GetInt32() == 0);
        calls[0].GetProperty("id").GetString().ShouldNotBeNullOrWhiteSpace();
        (calls[0].GetProperty("type").GetString(), calls[0].GetProperty("function").GetProperty("name").GetString()).ShouldBe(("function", "weather"));
        calls.Skip(1).Select(c => string.Join(' ', c.EnumerateObject().Select(p => p.Name))).ShouldAllBe(names => names == "index function");
        calls.Skip(1).Select(c => c.GetProperty("function").EnumerateObject().Count()).ShouldAllBe(count => count == 1);
        string arguments = string.Concat(calls.Select(c => c.GetProperty("function").GetProperty("arguments").GetString()));
        new SchemaCheck(JsonElement.Parse(Schema)).Problem(arguments).ShouldBeNull();
        reply.Events[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("tool_calls");
        reply.Lines[^1].ShouldBe("[DONE]");
    }

    [Theory]
    [InlineData("{ \"type\": \"json_object\" }", null)]
    [InlineData("{ \"type\": \"json_schema\", \"json_schema\": { \"name\": \"trip\", \"strict\": true, \"schema\": SCHEMA } }", Schema)]
    public async Task AFormat_IsKept(string format, string? schema)
    {
        int whole = 0;
        for (int seed = 0; seed < 8; seed++)
        {
            JsonElement choice = (await AskAsync($$""", "response_format": {{format.Replace("SCHEMA", Schema)}}, "max_tokens": 200, "temperature": 1, "seed": {{seed}}""")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("choices")[0];
            if (choice.GetProperty("finish_reason").GetString() == "stop")
            {
                whole++;
                string text = choice.GetProperty("message").GetProperty("content").GetString()!;
                JsonElement.Parse(text).ValueKind.ShouldBe(JsonValueKind.Object);
                if (schema is not null)
                {
                    new SchemaCheck(JsonElement.Parse(schema)).Problem(text).ShouldBeNull();
                }
            }
        }

        whole.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task ASchema_ThatIsNotSupported_IsRefusedWithItsPlace()
    {
        Reply reply = await AskAsync(""", "response_format": { "type": "json_schema", "json_schema": { "name": "n", "schema": { "type": "array", "uniqueItems": true } } }""");

        reply.Status.ShouldBe(HttpStatusCode.BadRequest, reply.Text);
        reply.Error.GetProperty("message").GetString()!.ShouldContain("uniqueItems");
    }

    [Fact]
    public async Task ACallOfNoTool_IsRefused() =>
        (await AskAsync($$""", "tools": [ {{Tool}} ], "tool_choice": { "type": "function", "function": { "name": "other" } }""")).ShouldFail(HttpStatusCode.BadRequest, "tool_choice", "invalid-option", "weather");

    private static void RequireWeather(JsonElement call)
    {
        call.GetProperty("type").GetString().ShouldBe("function");
        call.GetProperty("id").GetString().ShouldNotBeNullOrWhiteSpace();
        call.GetProperty("function").GetProperty("name").GetString().ShouldBe("weather");
        new SchemaCheck(JsonElement.Parse(Schema)).Problem(call.GetProperty("function").GetProperty("arguments").GetString()!).ShouldBeNull();
    }

    private Task<Reply> AskAsync(string more) => _server.PostAsync(Path, $$"""{ "model": "noise", "messages": [ { "role": "user", "content": "Weather?" } ]{{more}} }""");
}
