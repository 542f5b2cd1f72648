using System.Net;
using System.Text.Json;

namespace SkPeft.Http.Tests;

public sealed class ModelsAndTokensTests(SharedServer shared)
{
    [Fact]
    public async Task Models_AreTheBase_TheSkills_AndTheModules_WithParents()
    {
        JsonElement list = (await shared.Server.GetAsync("/v1/models")).ShouldBe(HttpStatusCode.OK).Json;

        list.GetProperty("object").GetString().ShouldBe("list");
        Dictionary<string, JsonElement> cards = list.GetProperty("data").EnumerateArray().ToDictionary(c => c.GetProperty("id").GetString()!);
        cards.Keys.ShouldBe(["skpeft-tiny", "describe", "sentiment", "topic", "family", "describe@1", "describe@prod", "family@1", "family@prod", "sentiment@1", "sentiment@prod", "topic@1", "topic@prod"], ignoreOrder: true);
        cards["skpeft-tiny"].GetProperty("parent").ValueKind.ShouldBe(JsonValueKind.Null);
        (cards["topic"].GetProperty("root").GetString(), cards["topic"].GetProperty("parent").GetString()).ShouldBe(("topic@1", "skpeft-tiny"));
        cards["topic@prod"].GetProperty("root").GetString().ShouldBe("topic@1");
        cards["sentiment"].GetProperty("skpeft").GetProperty("labels").EnumerateArray().Select(l => l.GetString()).ShouldBe(["positive", "negative"]);
        cards.Values.ShouldAllBe(c => c.GetProperty("object").GetString() == "model" && c.GetProperty("created").GetInt64() > 0);
    }

    [Theory]
    [InlineData("skpeft-tiny", "skpeft-tiny", "base")]
    [InlineData("base", "skpeft-tiny", "base")]
    [InlineData("topic", "topic@1", "skill")]
    [InlineData("topic@1", "topic@1", "version")]
    [InlineData("topic@latest", "topic@1", "alias")]
    [InlineData("topic@prod+describe@1*0.5", "topic@1+describe@1", "composition")]
    public async Task AModel_IsShownByAnyOfItsNames(string id, string root, string kind)
    {
        JsonElement card = (await shared.Server.GetAsync($"/v1/models/{id}")).ShouldBe(HttpStatusCode.OK).Json;

        (card.GetProperty("id").GetString(), card.GetProperty("root").GetString(), card.GetProperty("skpeft").GetProperty("kind").GetString()).ShouldBe((id, root, kind));
    }

    [Fact]
    public async Task AModelThatIsNot_IsNotFound() =>
        (await shared.Server.GetAsync("/v1/models/nobody")).ShouldFail(HttpStatusCode.NotFound, "model", "model_not_found");

    [Fact]
    public async Task TokenizeAndDetokenize_AreInverse()
    {
        const string text = "The Eagle – a café\nby the river 東";
        JsonElement tokens = (await shared.Server.PostAsync("/tokenize", $$"""{ "model": "skpeft-tiny", "prompt": {{JsonSerializer.Serialize(text)}}, "add_special_tokens": false, "return_token_strs": true }""")).ShouldBe(HttpStatusCode.OK).Json;

        tokens.GetProperty("count").GetInt32().ShouldBe(tokens.GetProperty("tokens").GetArrayLength());
        tokens.GetProperty("token_strs").GetArrayLength().ShouldBe(tokens.GetProperty("count").GetInt32());
        tokens.GetProperty("max_model_len").GetInt32().ShouldBe(1024);
        JsonElement back = (await shared.Server.PostAsync("/detokenize", $$"""{ "model": "skpeft-tiny", "tokens": {{tokens.GetProperty("tokens").GetRawText()}} }""")).ShouldBe(HttpStatusCode.OK).Json;
        back.GetProperty("prompt").GetString().ShouldBe(text);
    }

    [Fact]
    public async Task Tokenize_Messages_GivesTheSkillsPrompt()
    {
        JsonElement tokens = (await shared.Server.PostAsync("/tokenize", """{ "model": "topic", "messages": [ { "role": "user", "content": "Shares fell." } ] }""")).ShouldBe(HttpStatusCode.OK).Json;

        JsonElement back = (await shared.Server.PostAsync("/detokenize", $$"""{ "tokens": {{tokens.GetProperty("tokens").GetRawText()}} }""")).Json;
        back.GetProperty("prompt").GetString()!.ShouldEndWith("News: Shares fell.\nTopic:");
    }

    [Theory]
    [InlineData("/tokenize", "{}", "prompt")]
    [InlineData("/tokenize", "{ \"prompt\": \"x\", \"messages\": [] }", "prompt")]
    [InlineData("/tokenize", "{ \"prompt\": \"x\", \"chat_template\": \"y\" }", "chat_template")]
    [InlineData("/tokenize", "{ \"messages\": [ { \"role\": \"user\", \"content\": \"x\" } ], \"add_generation_prompt\": false }", "add_generation_prompt")]
    [InlineData("/detokenize", "{}", "tokens")]
    [InlineData("/detokenize", "{ \"tokens\": [ -1 ] }", "tokens[0]")]
    [InlineData("/detokenize", "{ \"tokens\": 5 }", "tokens")]
    public async Task WhatCannotBeRead_IsNamed(string path, string body, string param)
    {
        Reply reply = await shared.Server.PostAsync(path, body);

        reply.Status.ShouldBe(HttpStatusCode.BadRequest, reply.Text);
        reply.Error.GetProperty("param").GetString().ShouldBe(param);
    }
}
