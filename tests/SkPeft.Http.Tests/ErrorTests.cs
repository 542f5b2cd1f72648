using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace SkPeft.Http.Tests;

public sealed class ErrorTests(SharedServer shared)
{
    private const string Chat = "/v1/chat/completions";
    private const string Hello = "\"messages\": [ { \"role\": \"user\", \"content\": \"hello\" } ]";

    [Theory]
    [InlineData("\"temprature\": 1", "temprature", "unknown_parameter")]
    [InlineData("\"functions\": []", "functions", "unsupported_parameter")]
    [InlineData("\"echo\": true", "echo", "unsupported_parameter")]
    [InlineData("\"reasoning_effort\": \"high\"", "reasoning_effort", "unsupported_parameter")]
    [InlineData("\"temperature\": \"warm\"", "temperature", "invalid_value")]
    [InlineData("\"temperature\": -1", "temperature", "invalid-option")]
    [InlineData("\"temperature\": 1e999", "temperature", "invalid_value")]
    [InlineData("\"top_p\": 0", "top_p", "invalid-option")]
    [InlineData("\"max_tokens\": 0", "max_tokens", "invalid_value")]
    [InlineData("\"max_tokens\": 5, \"max_completion_tokens\": 6", "max_tokens", "invalid_value")]
    [InlineData("\"n\": 0", "n", "invalid_value")]
    [InlineData("\"n\": 17", "n", "invalid_value")]
    [InlineData("\"seed\": 1.5", "seed", "invalid_value")]
    [InlineData("\"stop\": [ 1 ]", "stop", "invalid_value")]
    [InlineData("\"stop\": \"\"", "stop", "invalid-option")]
    [InlineData("\"stream\": 1", "stream", "invalid_value")]
    [InlineData("\"stream_options\": { \"include_usage\": true }", "stream_options", "invalid_value")]
    [InlineData("\"stream\": true, \"stream_options\": { \"chunk\": 1 }", "stream_options.chunk", "unknown_parameter")]
    [InlineData("\"top_logprobs\": 2", "top_logprobs", "invalid_value")]
    [InlineData("\"logprobs\": true, \"top_logprobs\": 21", "top_logprobs", "invalid_value")]
    [InlineData("\"logit_bias\": { \"99999999\": 1 }", "logit_bias", "invalid-option")]
    [InlineData("\"logit_bias\": { \"x\": 1 }", "logit_bias token", "invalid-option")]
    [InlineData("\"logit_bias\": [ 1 ]", "logit_bias", "invalid_value")]
    [InlineData("\"modalities\": [ \"audio\" ]", "modalities", "invalid_value")]
    [InlineData("\"precision\": \"double\"", "precision", "invalid-option")]
    [InlineData("\"tool_choice\": \"required\"", "tool_choice", "invalid_value")]
    [InlineData("\"tools\": [ { \"type\": \"web_search\" } ]", "tools[0].type", "invalid_value")]
    [InlineData("\"tools\": [ { \"type\": \"function\", \"function\": { \"name\": \"f\", \"parameters\": [] } } ]", "tools[0].function.parameters", "invalid_value")]
    [InlineData("\"response_format\": { \"type\": \"xml\" }", "response_format.type", "invalid_value")]
    [InlineData("\"response_format\": { \"type\": \"json_schema\" }", "response_format.json_schema", "missing_required_parameter")]
    public async Task AParameter_ThatCannotBeHonoured_IsNamed(string parameter, string param, string code)
    {
        Reply reply = await shared.Server.PostAsync(Chat, $$"""{ "model": "describe", {{Hello}}, {{parameter}} }""");

        reply.ShouldFail(HttpStatusCode.BadRequest, param.Split(' ')[0], code, param.Split(' ')[0]);
        reply.Error.GetProperty("type").GetString().ShouldBe("invalid_request_error");
    }

    [Theory]
    [InlineData("{ \"role\": \"robot\", \"content\": \"x\" }", "messages[0].role")]
    [InlineData("{ \"role\": \"user\" }", "messages[0].content")]
    [InlineData("{ \"role\": \"user\", \"content\": 5 }", "messages[0].content")]
    [InlineData("{ \"role\": \"user\", \"content\": [ { \"type\": \"image_url\", \"image_url\": { \"url\": \"x\" } } ] }", "messages[0].content[0].type")]
    [InlineData("{ \"role\": \"user\", \"content\": \"x\", \"colour\": 1 }", "messages[0].colour")]
    [InlineData("{ \"role\": \"tool\", \"content\": \"x\" }", "messages[0].tool_call_id")]
    [InlineData("{ \"role\": \"tool\", \"tool_call_id\": \"9\", \"content\": \"x\" }", "messages[0].tool_call_id")]
    [InlineData("{ \"role\": \"assistant\", \"tool_calls\": [ { \"id\": \"1\", \"type\": \"function\", \"function\": { \"name\": \"f\", \"arguments\": \"[\" } } ] }", "messages[0].tool_calls[0].function.arguments")]
    [InlineData("5", "messages[0]")]
    [InlineData("{ \"role\": \"system\", \"content\": \"x\" }", "messages")]
    public async Task AMessage_ThatCannotBeRead_IsNamed(string message, string param)
    {
        Reply reply = await shared.Server.PostAsync(Chat, $$"""{ "model": "describe", "messages": [ {{message}} ] }""");

        reply.Status.ShouldBe(HttpStatusCode.BadRequest, reply.Text);
        reply.Error.GetProperty("param").GetString().ShouldBe(param);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("sentiment@7")]
    [InlineData("sentiment@staging")]
    [InlineData("no such name!")]
    [InlineData("../../etc/passwd")]
    [InlineData("sentiment@@1")]
    [InlineData("sentiment#x")]
    public async Task AnUnknownModel_IsNotFound_AndTheMessageSaysWhatThereIs(string model)
    {
        foreach ((string path, string input) in new[] { (Chat, Hello), ("/v1/completions", "\"prompt\": \"x\""), ("/tokenize", "\"prompt\": \"x\"") })
        {
            (await shared.Server.PostAsync(path, $$"""{ "model": "{{model}}", {{input}} }"""))
                .ShouldFail(HttpStatusCode.NotFound, "model", "model_not_found", "describe, sentiment, topic, family");
        }
    }

    [Fact]
    public async Task WhatIsMissing_IsNamed()
    {
        (await shared.Server.PostAsync(Chat, $$"""{ {{Hello}} }""")).ShouldFail(HttpStatusCode.BadRequest, "model", "missing_required_parameter");
        (await shared.Server.PostAsync(Chat, """{ "model": "sentiment" }""")).ShouldFail(HttpStatusCode.BadRequest, "messages", "missing_required_parameter");
        (await shared.Server.PostAsync(Chat, """{ "model": "sentiment", "messages": [] }""")).ShouldFail(HttpStatusCode.BadRequest, "messages", "missing_required_parameter");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{ \"model\": \"a\", \"model\": \"b\" }")]
    [InlineData("[]")]
    [InlineData("\"\"")]
    [InlineData("{ \"model\": \"\\ud800\" }")]
    [InlineData("{ \"\\udfff\": 1 }")]
    public async Task ABody_ThatIsNoJsonObject_IsRefused(string body) =>
        (await shared.Server.PostAsync(Chat, body)).ShouldFail(HttpStatusCode.BadRequest, null, "invalid_json");

    [Fact]
    public async Task ABody_ThatIsNoJsonByName_IsRefused()
    {
        using StringContent form = new("{}", Encoding.UTF8, new MediaTypeHeaderValue("text/plain"));
        using HttpResponseMessage response = await shared.Server.Client.PostAsync(Chat, form, TestContext.Current.CancellationToken);

        (await Reply.OfAsync(response)).ShouldFail(HttpStatusCode.UnsupportedMediaType, null, "unsupported_media_type", "application/json");
    }

    [Fact]
    public async Task WhatDoesNotFitTheContext_SaysBothNumbers() =>
        (await shared.Server.PostAsync(Chat, $$"""{ "model": "describe", {{Hello}}, "max_tokens": 100000 }"""))
            .ShouldFail(HttpStatusCode.BadRequest, null, "context_length_exceeded", "the context has 1024", "Shorten the prompt");

    [Fact]
    public async Task OtherPathsAndMethods_AreErrorsInTheSameForm()
    {
        (await shared.Server.GetAsync("/v1/nothing")).ShouldFail(HttpStatusCode.NotFound, null, "not_found");
        (await shared.Server.GetAsync(Chat)).ShouldFail(HttpStatusCode.MethodNotAllowed, null, "method_not_allowed", "POST");
    }

    [Fact]
    public async Task OptionsOfText_AreRefusedWhereAClassIsTheAnswer()
    {
        (await shared.Server.PostAsync(Chat, $$"""{ "model": "sentiment", {{Hello}}, "temperature": 1 }""")).ShouldFail(HttpStatusCode.BadRequest, "temperature", "invalid-option");
        (await shared.Server.PostAsync(Chat, $$"""{ "model": "sentiment", {{Hello}}, "n": 2 }""")).ShouldFail(HttpStatusCode.BadRequest, "n", "invalid_value");
        (await shared.Server.PostAsync(Chat, $$"""{ "model": "sentiment", {{Hello}}, "stream": true, "logprobs": true }""")).ShouldFail(HttpStatusCode.BadRequest, "top_logprobs", "invalid-option");
    }

    [Fact]
    public async Task ASkillThatIsNot_AndTwoSkills()
    {
        (await shared.Server.PostAsync(Chat, $$"""{ "model": "skpeft-tiny", "skill": "nobody", {{Hello}} }""")).ShouldFail(HttpStatusCode.NotFound, "skill", "skill_not_found");
        (await shared.Server.PostAsync(Chat, $$"""{ "model": "topic", "skill": "sentiment", {{Hello}} }""")).ShouldFail(HttpStatusCode.BadRequest, "skill", "invalid_value");
    }
}
