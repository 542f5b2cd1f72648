using System.Net;
using System.Text.Json;

namespace SkPeft.Http.Tests;

public sealed class ChatTests(SharedServer shared)
{
    private const string Path = "/v1/chat/completions";
    private const string Restaurant = "name[The Eagle], eatType[coffee shop], food[French], area[riverside]";

    [Fact]
    public async Task ASkillWithLabels_AnswersOneOfThem_WithAReceipt()
    {
        Reply reply = (await AskAsync("sentiment", "a warm , funny and beautifully acted film")).ShouldBe(HttpStatusCode.OK);

        JsonElement body = reply.Json;
        body.GetProperty("object").GetString().ShouldBe("chat.completion");
        body.GetProperty("id").GetString().ShouldStartWith("chatcmpl-");
        body.GetProperty("model").GetString().ShouldBe("sentiment@1");
        JsonElement choice = body.GetProperty("choices").EnumerateArray().Single();
        choice.GetProperty("message").GetProperty("content").GetString().ShouldBeOneOf("positive", "negative");
        choice.GetProperty("finish_reason").GetString().ShouldBe("stop");
        JsonElement receipt = body.GetProperty("skpeft");
        receipt.GetProperty("skill").GetString().ShouldBe("sentiment");
        receipt.GetProperty("method").GetString().ShouldBe("SKPEFT_IAPT");
        receipt.GetProperty("probabilities").EnumerateObject().Sum(p => p.Value.GetDouble()).ShouldBe(1, 1e-6);
        receipt.GetProperty("model").GetString().ShouldBe("skpeft-tiny.gguf");
        JsonElement header = JsonElement.Parse(reply.Header("X-SkPeft-Receipt"));
        header.GetProperty("digest").GetString().ShouldBe(receipt.GetProperty("digest").GetString());
        (header.GetProperty("adapter").GetString(), header.GetProperty("version").GetInt32(), header.GetProperty("skill").GetString()).ShouldBe(("sentiment", 1, "sentiment"));
    }

    [Fact]
    public async Task TwoModules_OnOneRequest_AreBothInTheReceipt()
    {
        Reply reply = (await shared.Server.PostAsync("/v1/chat/completions", """{ "model": "describe@prod*0.8+family", "skill": "describe", "max_tokens": 4, "messages": [ { "role": "user", "content": "name[Zizzi]" } ] }""")).ShouldBe(HttpStatusCode.OK);

        reply.Header("X-SkPeft-Receipt")!.ShouldContain("describe@1*0.8\\u002Bfamily@1");
        JsonElement receipt = reply.Json.GetProperty("skpeft");
        JsonElement.Parse(reply.Header("X-SkPeft-Receipt")!).GetProperty("parts").EnumerateArray()
            .Select(p => (p.GetProperty("adapter").GetString(), p.GetProperty("version").GetInt32(), p.GetProperty("digest").GetString(), p.GetProperty("weight").GetSingle()))
            .ShouldBe(receipt.GetProperty("parts").EnumerateArray()
                .Select(p => (p.GetProperty("adapter").GetString(), p.GetProperty("version").GetInt32(), p.GetProperty("digest").GetString(), p.GetProperty("weight").GetSingle())));
        receipt.GetProperty("adapter").GetString().ShouldBe("describe@1*0.8+family@1");
        receipt.GetProperty("parts").EnumerateArray().Select(p => (p.GetProperty("adapter").GetString(), p.GetProperty("version").GetInt32(), p.GetProperty("weight").GetSingle()))
            .ShouldBe([("describe", 1, 0.8f), ("family", 1, 1f)]);
        (await shared.Server.PostAsync("/v1/chat/completions", """{ "model": "describe+nobody", "messages": [ { "role": "user", "content": "x" } ] }""")).ShouldFail(HttpStatusCode.NotFound, "model", "model_not_found");
        (await shared.Server.PostAsync("/v1/chat/completions", """{ "model": "describe+family*0.5", "messages": [ { "role": "user", "content": "x" } ] }""")).ShouldFail(HttpStatusCode.BadRequest, null, "adapter-composition");
    }

    [Theory]
    [InlineData("describe@1+describe@1", "twice")]
    [InlineData("describe*0+topic", "a number other than 0")]
    [InlineData("describe*much", "'much'")]
    [InlineData("describe+", "does not name an adapter")]
    [InlineData("a+b+c+d+e+f+g+h+i", "9 adapters, expected at most 8")]
    public async Task ACompositionThatIsNotWellFormed_SaysWhy(string model, string reason)
    {
        foreach ((string path, string rest) in new[] { ("/v1/chat/completions", "\"messages\": [ { \"role\": \"user\", \"content\": \"x\" } ]"), ("/v1/completions", "\"prompt\": \"x\"") })
        {
            Reply reply = await shared.Server.PostAsync(path, $$"""{ "model": "{{model}}", {{rest}} }""");

            reply.ShouldFail(HttpStatusCode.BadRequest, "model", "invalid_value");
            reply.Text.ShouldContain(reason);
        }
    }

    [Fact]
    public async Task ACompositionWithAPartThatIsNotThere_NamesThePart() =>
        (await shared.Server.PostAsync("/v1/chat/completions", """{ "model": "describe+nobody@4", "messages": [ { "role": "user", "content": "x" } ] }""")).Text.ShouldContain("'nobody@4'");

    [Fact]
    public async Task Usage_AddsUp_AndTheLimitOfTokensIsKept()
    {
        JsonElement body = (await AskAsync("describe", Restaurant, ", \"max_completion_tokens\": 3")).ShouldBe(HttpStatusCode.OK).Json;

        JsonElement usage = body.GetProperty("usage");
        usage.GetProperty("completion_tokens").GetInt32().ShouldBe(3);
        usage.GetProperty("total_tokens").GetInt32().ShouldBe(3 + usage.GetProperty("prompt_tokens").GetInt32());
        body.GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe("length");
    }

    [Fact]
    public async Task AStreamedAnswer_SaysTheSame_EventByEvent()
    {
        string options = ", \"seed\": 7, \"temperature\": 0.9, \"max_tokens\": 12";
        JsonElement whole = (await AskAsync("describe", Restaurant, options)).ShouldBe(HttpStatusCode.OK).Json;
        Reply reply = (await AskAsync("describe", Restaurant, options + ", \"stream\": true")).ShouldBe(HttpStatusCode.OK);

        reply.Lines[^1].ShouldBe("[DONE]");
        IReadOnlyList<JsonElement> events = reply.Events;
        events.Select(e => e.GetProperty("id").GetString()).Distinct().Count().ShouldBe(1);
        events.ShouldAllBe(e => e.GetProperty("object").GetString() == "chat.completion.chunk" && e.GetProperty("choices").GetArrayLength() == 1);
        events[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString().ShouldBe("assistant");
        string text = string.Concat(events.Select(e => e.GetProperty("choices")[0].GetProperty("delta")).Select(d => d.TryGetProperty("content", out JsonElement c) ? c.GetString() : ""));
        text.ShouldBe(whole.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        events.SkipLast(1).ShouldAllBe(e => e.GetProperty("choices")[0].GetProperty("finish_reason").ValueKind == JsonValueKind.Null);
        events[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString().ShouldBe(whole.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        events[^1].GetProperty("skpeft").GetProperty("seed").GetInt64().ShouldBe(7);
        reply.Header("X-SkPeft-Receipt").ShouldContain("\"adapter\":\"describe\",\"version\":1");
        reply.Events.ShouldAllBe(e => !e.EnumerateObject().Any(p => p.Name == "usage"));
    }

    [Fact]
    public async Task AStream_WithUsage_EndsWithAnEventOfItsOwn()
    {
        Reply reply = (await AskAsync("describe", Restaurant, ", \"max_tokens\": 4, \"stream\": true, \"stream_options\": { \"include_usage\": true }")).ShouldBe(HttpStatusCode.OK);

        JsonElement last = reply.Events[^1];
        last.GetProperty("choices").GetArrayLength().ShouldBe(0);
        last.GetProperty("usage").GetProperty("completion_tokens").GetInt32().ShouldBe(4);
        reply.Events.SkipLast(1).ShouldAllBe(e => e.GetProperty("usage").ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public async Task SeveralAnswers_DifferBySeed_AndEachCanBeRepeatedAlone()
    {
        JsonElement body = (await AskAsync("describe", Restaurant, ", \"n\": 3, \"seed\": 11, \"temperature\": 1, \"max_tokens\": 10")).ShouldBe(HttpStatusCode.OK).Json;

        JsonElement[] choices = [.. body.GetProperty("choices").EnumerateArray()];
        choices.Select(c => c.GetProperty("index").GetInt32()).ShouldBe([0, 1, 2]);
        choices.Select(c => c.GetProperty("skpeft").GetProperty("seed").GetInt64()).ShouldBe([11, 12, 13]);
        choices.Select(Content).Distinct().Count().ShouldBeGreaterThan(1);
        JsonElement alone = (await AskAsync("describe", Restaurant, ", \"seed\": 12, \"temperature\": 1, \"max_tokens\": 10")).Json;
        Content(alone.GetProperty("choices")[0]).ShouldBe(Content(choices[1]));

        JsonElement usage = body.GetProperty("usage");
        usage.GetProperty("prompt_tokens").GetInt32().ShouldBe(alone.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
    }

    [Fact]
    public async Task SeveralAnswers_Streamed_CarryTheirIndex()
    {
        Reply reply = (await AskAsync("describe", Restaurant, ", \"n\": 3, \"seed\": 11, \"max_tokens\": 6, \"stream\": true")).ShouldBe(HttpStatusCode.OK);

        JsonElement[] choices = [.. reply.Events.Select(e => e.GetProperty("choices")[0])];
        foreach (IGrouping<int, JsonElement> answer in choices.GroupBy(c => c.GetProperty("index").GetInt32()))
        {
            answer.First().GetProperty("delta").GetProperty("role").GetString().ShouldBe("assistant");
            answer.Count(c => c.GetProperty("finish_reason").ValueKind == JsonValueKind.String).ShouldBe(1);
        }

        choices.Select(c => c.GetProperty("index").GetInt32()).Distinct().Order().ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task Logprobs_AreThoseOfTheTokens_WithTheirBytes()
    {
        JsonElement choice = (await AskAsync("describe", Restaurant, ", \"logprobs\": true, \"top_logprobs\": 2, \"max_tokens\": 5")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("choices")[0];

        JsonElement[] tokens = [.. choice.GetProperty("logprobs").GetProperty("content").EnumerateArray()];
        tokens.Length.ShouldBe(5);
        foreach (JsonElement token in tokens)
        {
            // Greedy: the chosen token is the most probable one.
            JsonElement[] top = [.. token.GetProperty("top_logprobs").EnumerateArray()];
            top.Length.ShouldBe(2);
            top[0].GetProperty("token").GetString().ShouldBe(token.GetProperty("token").GetString());
            top[0].GetProperty("logprob").GetDouble().ShouldBe(token.GetProperty("logprob").GetDouble());
            top[1].GetProperty("logprob").GetDouble().ShouldBeLessThanOrEqualTo(top[0].GetProperty("logprob").GetDouble());
        }

        byte[] bytes = [.. tokens.SelectMany(t => t.GetProperty("bytes").EnumerateArray()).Select(b => b.GetByte())];
        System.Text.Encoding.UTF8.GetString(bytes).ShouldBe(Content(choice));
    }

    [Fact]
    public async Task Logprobs_WithoutTop_ListTheChosenTokensOnly()
    {
        JsonElement choice = (await AskAsync("describe", Restaurant, ", \"logprobs\": true, \"max_tokens\": 3")).Json.GetProperty("choices")[0];

        choice.GetProperty("logprobs").GetProperty("content").EnumerateArray().ShouldAllBe(t => t.GetProperty("top_logprobs").GetArrayLength() == 0 && t.GetProperty("logprob").GetDouble() <= 0);
    }

    [Fact]
    public async Task LogitBias_ForbidsAToken_AndStopEndsTheAnswer()
    {
        JsonElement first = (await AskAsync("describe", Restaurant, ", \"max_tokens\": 6")).Json;
        string text = Content(first.GetProperty("choices")[0]);
        string word = text.Trim().Split(' ')[0];
        int id = (await shared.Server.PostAsync("/tokenize", $$"""{ "prompt": {{JsonSerializer.Serialize(" " + word)}} }""")).Json.GetProperty("tokens")[0].GetInt32();

        string biased = Content((await AskAsync("describe", Restaurant, $$""", "max_tokens": 6, "logit_bias": { "{{id}}": -100 }""")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("choices")[0]);
        biased.Trim().Split(' ')[0].ShouldNotBe(word);

        string stop = text.Trim().Split(' ')[1];
        JsonElement stopped = (await AskAsync("describe", Restaurant, $$""", "max_tokens": 6, "stop": [ {{JsonSerializer.Serialize(stop)}} ]""")).Json.GetProperty("choices")[0];
        Content(stopped).ShouldBe(text[..text.IndexOf(stop, StringComparison.Ordinal)]);
        stopped.GetProperty("finish_reason").GetString().ShouldBe("stop");
    }

    [Fact]
    public async Task Penalties_ChangeTheAnswer()
    {
        // A bias that makes one token certain, and a penalty that takes it back.
        string bias = """, "max_tokens": 6, "temperature": 0, "logit_bias": { "300": 30 }""";
        string certain = Content((await AskAsync("describe", Restaurant, bias)).Json.GetProperty("choices")[0]);
        string presence = Content((await AskAsync("describe", Restaurant, bias + ", \"presence_penalty\": 60")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("choices")[0]);
        string frequency = Content((await AskAsync("describe", Restaurant, bias + ", \"frequency_penalty\": 60")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("choices")[0]);

        presence.ShouldNotBe(certain);
        frequency.ShouldNotBe(certain);
    }

    [Fact]
    public async Task AVersion_IsAskedWithThePromptOfItsSkill()
    {
        JsonElement body = (await AskAsync("topic@1", "The striker scored twice and won the cup for his team.")).ShouldBe(HttpStatusCode.OK).Json;

        body.GetProperty("skpeft").GetProperty("skill").GetString().ShouldBe("topic");
        Content(body.GetProperty("choices")[0]).ShouldBeOneOf("World", "Sports", "Business", "Sci/Tech");
        (await AskAsync("topic@prod", "Shares fell.")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("model").GetString().ShouldBe("topic@1");
    }

    [Fact]
    public async Task AModule_WithAnotherSkillsPrompt_OrTheBaseWithOne()
    {
        JsonElement body = (await AskAsync("skpeft-tiny", "a warm , funny film", ", \"skill\": \"sentiment\"")).ShouldBe(HttpStatusCode.OK).Json;

        body.GetProperty("model").GetString().ShouldBe("skpeft-tiny");
        body.GetProperty("skpeft").GetProperty("adapter").GetString().ShouldBe("base");
        Content(body.GetProperty("choices")[0]).ShouldBeOneOf("positive", "negative");
    }

    [Fact]
    public async Task HarmlessParameters_AreAcceptedAndListed()
    {
        Reply reply = await AskAsync("sentiment", "fine", """, "user": "u", "metadata": { "a": "b" }, "store": true, "service_tier": null""");

        reply.ShouldBe(HttpStatusCode.OK).Header("X-SkPeft-Ignored").ShouldBe("user, metadata, store");
    }

    [Fact]
    public async Task ContentInParts_IsOneText()
    {
        string parts = """{ "model": "sentiment", "messages": [ { "role": "user", "content": [ { "type": "text", "text": "dull , predictable " }, { "type": "text", "text": "and far too long" } ] } ] }""";
        Reply together = await AskAsync("sentiment", "dull , predictable and far too long");

        JsonElement apart = (await shared.Server.PostAsync(Path, parts)).ShouldBe(HttpStatusCode.OK).Json;
        apart.GetProperty("skpeft").GetProperty("probabilities").GetRawText().ShouldBe(together.Json.GetProperty("skpeft").GetProperty("probabilities").GetRawText());
    }

    private static string Content(JsonElement choice) => choice.GetProperty("message").GetProperty("content").GetString()!;

    private Task<Reply> AskAsync(string model, string text, string more = "") => shared.Server.PostAsync(
        Path, $$"""{ "model": "{{model}}", "messages": [ { "role": "user", "content": {{JsonSerializer.Serialize(text)}} } ]{{more}} }""");
}
