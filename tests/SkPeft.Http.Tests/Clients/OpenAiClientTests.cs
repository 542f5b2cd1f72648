using System.ClientModel;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;

namespace SkPeft.Http.Tests.Clients;

/// <summary>The official .NET client against a real socket.</summary>
public sealed class OpenAiClientTests(SharedServer shared)
{
    private const string Restaurant = "name[The Eagle], eatType[coffee shop], food[French], area[riverside]";

    private readonly OpenAIClient _client = new(
        new ApiKeyCredential("any"), new OpenAIClientOptions { Endpoint = new Uri(shared.Server.Url + "/v1"), RetryPolicy = new System.ClientModel.Primitives.ClientRetryPolicy(0) });

    [Fact]
    public async Task ASkill_Answers()
    {
        ChatCompletion completion = await Chat("sentiment").CompleteChatAsync([new UserChatMessage("a warm , funny and beautifully acted film")], cancellationToken: Token);

        completion.Content[0].Text.ShouldBeOneOf("positive", "negative");
        completion.FinishReason.ShouldBe(ChatFinishReason.Stop);
        completion.Role.ShouldBe(ChatMessageRole.Assistant);
        completion.Model.ShouldBe("sentiment@1");
        completion.Usage.TotalTokenCount.ShouldBe(completion.Usage.InputTokenCount + completion.Usage.OutputTokenCount);
        completion.SystemFingerprint.ShouldStartWith("fp_");
    }

    [Fact]
    public async Task Options_AreHonoured()
    {
        ChatCompletionOptions options = new() { MaxOutputTokenCount = 4, Temperature = 0.8f, TopP = 0.95f, FrequencyPenalty = 0.1f, PresencePenalty = 0.1f, IncludeLogProbabilities = true, TopLogProbabilityCount = 3, EndUserId = "me" };
        options.StopSequences.Add("\n");
        options.LogitBiases[5] = -1;
#pragma warning disable OPENAI001 // The seed is marked experimental.
        options.Seed = 42;
#pragma warning restore OPENAI001

        ChatCompletion first = await Chat("describe").CompleteChatAsync([new UserChatMessage(Restaurant)], options, Token);
        ChatCompletion second = await Chat("describe").CompleteChatAsync([new UserChatMessage(Restaurant)], options, Token);

        second.Content[0].Text.ShouldBe(first.Content[0].Text);
        first.Usage.OutputTokenCount.ShouldBeLessThanOrEqualTo(4);
        first.ContentTokenLogProbabilities.Count.ShouldBeGreaterThan(0);
        first.ContentTokenLogProbabilities.ShouldAllBe(t => t.TopLogProbabilities.Count == 3 && t.LogProbability <= 0);
        Encoding.UTF8.GetString([.. first.ContentTokenLogProbabilities.SelectMany(t => t.Utf8Bytes!.Value.ToArray())]).ShouldBe(first.Content[0].Text);
    }

    [Fact]
    public async Task AStream_SaysTheSame_AndEndsWithTheUsage()
    {
        ChatCompletionOptions options = new() { MaxOutputTokenCount = 10 };
        ChatCompletion whole = await Chat("describe").CompleteChatAsync([new UserChatMessage(Restaurant)], options, Token);
        StringBuilder text = new();
        ChatTokenUsage? usage = null;
        ChatFinishReason? reason = null;
        await foreach (StreamingChatCompletionUpdate update in Chat("describe").CompleteChatStreamingAsync([new UserChatMessage(Restaurant)], options, Token))
        {
            text.Append(string.Concat(update.ContentUpdate.Select(c => c.Text)));
            usage = update.Usage ?? usage;
            reason = update.FinishReason ?? reason;
        }

        text.ToString().ShouldBe(whole.Content[0].Text);
        reason.ShouldBe(whole.FinishReason);
        usage!.OutputTokenCount.ShouldBe(whole.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task AConversation_WithToolsAndTheirResults_IsReadOrRefusedByName()
    {
        // This model's template writes no tools; the client gets the reason, not an answer that has never seen them.
        ChatCompletionOptions options = new() { MaxOutputTokenCount = 4 };
        options.Tools.Add(ChatTool.CreateFunctionTool("weather", "Tells the weather.", BinaryData.FromString("""{ "type": "object", "properties": { "city": { "type": "string" } } }""")));

        ClientResultException error = await Should.ThrowAsync<ClientResultException>(() => Chat("skpeft-tiny").CompleteChatAsync([new UserChatMessage("Weather?")], options, Token));

        error.Status.ShouldBe(400);
        error.Message.ShouldContain("invalid-option");
    }

    [Fact]
    public async Task Errors_AreTheClientsOwnKind()
    {
        ClientResultException unknown = await Should.ThrowAsync<ClientResultException>(() => Chat("nobody").CompleteChatAsync([new UserChatMessage("x")], cancellationToken: Token));
        (unknown.Status, unknown.Message.Contains("model_not_found", StringComparison.Ordinal)).ShouldBe((404, true));

        ClientResultException wrong = await Should.ThrowAsync<ClientResultException>(async () =>
        {
            await foreach (StreamingChatCompletionUpdate _ in Chat("sentiment").CompleteChatStreamingAsync([new UserChatMessage("x")], new ChatCompletionOptions { Temperature = 1 }, Token))
            {
                // The refusal comes in place of the first event.
            }
        });
        wrong.Status.ShouldBe(400);
        wrong.Message.ShouldContain("temperature");
    }

    [Fact]
    public async Task Models_AreListedAndShown()
    {
        OpenAIModelCollection models = await _client.GetOpenAIModelClient().GetModelsAsync(Token);
        models.Select(m => m.Id).ShouldContain("topic@prod");

        OpenAIModel model = await _client.GetOpenAIModelClient().GetModelAsync("topic", Token);
        (model.Id, model.OwnedBy).ShouldBe(("topic", "skpeft"));
    }

    [Fact]
    public async Task TheRawAnswer_HasTheReceipt()
    {
        ClientResult<ChatCompletion> result = await Chat("topic").CompleteChatAsync([new UserChatMessage("Shares fell.")], cancellationToken: Token);

        result.GetRawResponse().Headers.TryGetValue("X-SkPeft-Receipt", out string? header).ShouldBeTrue();
        JsonElement receipt = JsonElement.Parse(result.GetRawResponse().Content.ToString()).GetProperty("skpeft");
        receipt.GetProperty("digest").GetString().ShouldBe(JsonElement.Parse(header!).GetProperty("digest").GetString());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ChatClient Chat(string model) => _client.GetChatClient(model);
}
