using System.Net;
using System.Text.Json;

namespace SkPeft.Http.Tests;

public sealed class CompletionTests(SharedServer shared)
{
    private const string Path = "/v1/completions";

    [Fact]
    public async Task APrompt_IsContinuedAsItIs_ByTheModule()
    {
        Reply reply = await AskAsync("""{ "model": "describe", "prompt": "name[The Eagle], food[French]\nDescription:", "max_tokens": 6 }""");

        JsonElement body = reply.ShouldBe(HttpStatusCode.OK).Json;
        body.GetProperty("object").GetString().ShouldBe("text_completion");
        body.GetProperty("model").GetString().ShouldBe("describe@1");
        body.GetProperty("skpeft").GetProperty("skill").ValueKind.ShouldBe(JsonValueKind.Null);
        body.GetProperty("skpeft").GetProperty("route").GetString()!.ShouldContain("taken as it is");

        // What chat makes of the skill's prompt is this very text.
        JsonElement chat = (await shared.Server.PostAsync("/v1/chat/completions",
            """{ "model": "describe", "max_tokens": 6, "messages": [ { "role": "user", "content": "name[The Eagle], food[French]" } ] }""")).Json;
        Text(body, 0).ShouldBe(chat.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        body.GetProperty("usage").GetRawText().ShouldBe(chat.GetProperty("usage").GetRawText());
    }

    [Fact]
    public async Task TokenIds_AreTheSameAsTheirText()
    {
        JsonElement tokens = (await shared.Server.PostAsync("/tokenize", """{ "prompt": "The Eagle is a" }""")).Json.GetProperty("tokens");

        JsonElement byText = (await AskAsync("""{ "model": "skpeft-tiny", "prompt": "The Eagle is a" }""")).ShouldBe(HttpStatusCode.OK).Json;
        JsonElement byIds = (await AskAsync($$"""{ "model": "skpeft-tiny", "prompt": {{tokens.GetRawText()}} }""")).ShouldBe(HttpStatusCode.OK).Json;
        Text(byIds, 0).ShouldBe(Text(byText, 0));
        byText.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBeLessThanOrEqualTo(16);
    }

    [Fact]
    public async Task SeveralPrompts_TimesN_InOrder()
    {
        JsonElement body = (await AskAsync("""{ "model": "base", "prompt": [ "The Eagle", "News:" ], "n": 2, "seed": 5, "max_tokens": 5 }""")).ShouldBe(HttpStatusCode.OK).Json;

        body.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("seed").GetInt64()).ShouldBe([5, 6, 5, 6]);
        JsonElement second = (await AskAsync("""{ "model": "base", "prompt": "News:", "seed": 6, "temperature": 1, "max_tokens": 5 }""")).Json;
        Text(body, 3).ShouldBe(Text(second, 0));
    }

    [Fact]
    public async Task Streamed_ItSaysTheSame()
    {
        JsonElement whole = (await AskAsync("""{ "model": "base", "prompt": "The Eagle is a", "max_tokens": 8 }""")).Json;
        Reply reply = (await AskAsync("""{ "model": "base", "prompt": "The Eagle is a", "max_tokens": 8, "stream": true, "stream_options": { "include_usage": true } }""")).ShouldBe(HttpStatusCode.OK);

        reply.Lines[^1].ShouldBe("[DONE]");
        string.Concat(reply.Events.SelectMany(e => e.GetProperty("choices").EnumerateArray()).Select(c => c.GetProperty("text").GetString())).ShouldBe(Text(whole, 0));
        reply.Events[^1].GetProperty("usage").GetRawText().ShouldBe(whole.GetProperty("usage").GetRawText());
        reply.Events[^2].GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe(whole.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        reply.Events.ShouldAllBe(e => e.GetProperty("model").GetString() == "skpeft-tiny");
        reply.Events.SkipLast(1).ShouldAllBe(e => e.GetProperty("usage").ValueKind == JsonValueKind.Null);
        reply.Events[^2].GetProperty("skpeft").GetProperty("adapter").GetString().ShouldBe("base");
    }

    [Fact]
    public async Task Logprobs_RunSideBySide_AndOffsetsPointIntoTheText()
    {
        JsonElement choice = (await AskAsync("""{ "model": "base", "prompt": "The Eagle is a", "max_tokens": 6, "logprobs": 2 }""")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("choices")[0];

        JsonElement logprobs = choice.GetProperty("logprobs");
        string[] tokens = [.. logprobs.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()!)];
        int[] offsets = [.. logprobs.GetProperty("text_offset").EnumerateArray().Select(o => o.GetInt32())];
        string text = choice.GetProperty("text").GetString()!;
        for (int i = 0; i < tokens.Length; i++)
        {
            text[offsets[i]..].ShouldStartWith(tokens[i]);
            JsonElement top = logprobs.GetProperty("top_logprobs")[i];
            top.GetProperty(tokens[i]).GetDouble().ShouldBe(logprobs.GetProperty("token_logprobs")[i].GetDouble());
        }
    }

    [Theory]
    [InlineData("\"prompt\": \"x\", \"suffix\": \"y\"", "suffix")]
    [InlineData("\"prompt\": \"x\", \"echo\": true", "echo")]
    [InlineData("\"prompt\": \"x\", \"best_of\": 3", "best_of")]
    [InlineData("\"prompt\": \"x\", \"messages\": []", "messages")]
    [InlineData("\"prompt\": []", "prompt")]
    [InlineData("\"prompt\": 5", "prompt")]
    [InlineData("\"prompt\": \"\"", "prompt")]
    [InlineData("\"prompt\": [ 1, \"x\" ]", "prompt[1]")]
    [InlineData("\"prompt\": [ 99999999 ]", "prompt[0]")]
    [InlineData("\"prompt\": [ [ 1 ], [ -1 ] ]", "prompt[1][0]")]
    [InlineData("\"prompt\": [ \"a\", \"b\", \"c\" ], \"n\": 6", "prompt")]
    public async Task WhatCannotBeHonoured_IsNamed(string parameters, string param)
    {
        Reply reply = await AskAsync($$"""{ "model": "base", {{parameters}} }""");

        reply.Status.ShouldBe(HttpStatusCode.BadRequest, reply.Text);
        reply.Error.GetProperty("param").GetString().ShouldBe(param);
    }

    private static string Text(JsonElement body, int choice) => body.GetProperty("choices")[choice].GetProperty("text").GetString()!;

    private Task<Reply> AskAsync(string json) => shared.Server.PostAsync(Path, json);
}
