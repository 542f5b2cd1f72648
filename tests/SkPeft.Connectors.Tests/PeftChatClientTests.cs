using Microsoft.Extensions.AI;
using SkPeft.Connectors.Answers;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Routing;
using SkPeft.Engine;
using SkPeft.Engine.Generation;

namespace SkPeft.Connectors.Tests;

public sealed class PeftChatClientTests(TinyHost host) : IClassFixture<TinyHost>
{
    private static readonly ChatMessage[] s_hello = [new(ChatRole.User, "hello")];

    [Fact]
    public async Task GetResponse_ThroughASkill_IsWhatTheEngineSays_WithAReceipt()
    {
        ChatResponse response = await host.Client.GetResponseAsync(s_hello, TinyHost.Options("SKILL", "Echo"), Token);

        response.Text.ShouldBe(await EngineSaysAsync("<|im_start|>Say: hello\nAnswer:", "red@2", 8));
        Receipt receipt = TinyHost.ReceiptOf(response.AdditionalProperties);
        AdapterVersion version = host.Runtime.Store.Resolve("red@2");
        (receipt.Adapter, receipt.Version, receipt.Digest, receipt.Method, receipt.Skill).ShouldBe(("red", 2, version.Digest, "LORA", "echo"));
        receipt.Modules.Count.ShouldBe(4);
        receipt.Plugin!.Name.ShouldBe("SkPeft.Peft.Lora");
        receipt.Route.ShouldContain("skill 'echo' was asked for");
        TinyHost.ReceiptOf(response.Messages[0].AdditionalProperties).ShouldBe(receipt);
        (response.ModelId, response.ResponseId, response.CreatedAt is null).ShouldBe(("red@2", response.Messages[0].MessageId, false));
    }

    [Fact]
    public async Task GetResponse_ThroughTwoAdapters_ListsBothInTheReceipt()
    {
        ChatOptions options = TinyHost.Options("adapter", "red@1 + blue*0.5");
        options.AdditionalProperties!["skill"] = "echo";
        ChatResponse both = await host.Client.GetResponseAsync(s_hello, options, Token);

        Receipt receipt = TinyHost.ReceiptOf(both.AdditionalProperties);
        (receipt.Adapter, receipt.Version, receipt.Digest, receipt.Method, receipt.Reference).ShouldBe(("red@1+blue@1*0.5", null, null, "LORA+LORA", "red@1+blue@1*0.5"));
        receipt.Parts.Select(p => (p.Adapter, p.Version, p.Method, p.Weight, p.Digest)).ShouldBe(
            [("red", 1, "LORA", 1f, host.Runtime.Store.Resolve("red@1").Digest), ("blue", 1, "LORA", 0.5f, host.Runtime.Store.Resolve("blue@1").Digest)]);
        receipt.Parts.ShouldAllBe(p => p.Plugin.Name == "SkPeft.Peft.Lora" && p.Modules == 4);
        both.ModelId.ShouldBe("red@1+blue@1*0.5");
        both.Text.ShouldBe(await EngineSaysAsync("<|im_start|>Say: hello\nAnswer:", "red@1+blue@1*0.5", 8));
        both.Text.ShouldNotBe(await EngineSaysAsync("<|im_start|>Say: hello\nAnswer:", "red@1", 8));
        host.Runtime.Residency.Statistics.Residents.ShouldAllBe(r => r.Leases == 0);
    }

    [Fact]
    public async Task GetResponse_WithPromptLookup_SaysTheSame_AndTooManyGuessesAreRefused()
    {
        ChatOptions options = TinyHost.Options("skill", "plain", 40);
        string expected = (await host.Client.GetResponseAsync([new(ChatRole.User, "abcabcabc")], options, Token)).Text;
        long before = host.Runtime.Model.Engine.Statistics.GuessedTokens;
        options.AdditionalProperties!["prompt_lookup"] = 4;
        (await host.Client.GetResponseAsync([new(ChatRole.User, "abcabcabc")], options, Token)).Text.ShouldBe(expected);
        host.Runtime.Model.Engine.Statistics.GuessedTokens.ShouldBeGreaterThan(before);
        options.AdditionalProperties!["prompt_lookup"] = 17;
        (await Should.ThrowAsync<InvalidOptionException>(() => host.Client.GetResponseAsync(s_hello, options, Token))).Message.ShouldContain("prompt lookup");
    }

    [Fact]
    public async Task GetResponse_ThroughTwoClassifiers_IsRefused() =>
        (await Should.ThrowAsync<SkPeftException>(() => host.Client.GetResponseAsync(s_hello, TinyHost.Options("adapter", "topic+topic@1"), Token)))
            .Message.ShouldContain("Name it once");

    [Fact]
    public async Task GetResponse_Usage_CountsPromptAndAnswer()
    {
        ChatResponse response = await host.Client.GetResponseAsync(s_hello, TinyHost.Options("skill", "plain", 3), Token);

        (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount, response.Usage.TotalTokenCount).ShouldBe((5, 3, 8));
        response.FinishReason.ShouldBe(ChatFinishReason.Length);
        response.AdditionalProperties![PeftChatClient.FinishReasonProperty].ShouldBe("length");
    }

    [Fact]
    public async Task GetStreamingResponse_SaysTheSameAsTheResponse_AndTheLastUpdateHasTheReceipt()
    {
        ChatOptions options = TinyHost.Options("adapter", "red@1", 12);
        options.AdditionalProperties!["skill"] = "echo";
        options.Temperature = 1.5f;
        options.Seed = 3;
        ChatResponse response = await host.Client.GetResponseAsync(s_hello, options, Token);
        List<ChatResponseUpdate> updates = await host.Client.GetStreamingResponseAsync(s_hello, options, Token).ToListAsync(Token);

        string.Concat(updates.Select(u => u.Text)).ShouldBe(response.Text);
        updates.Count.ShouldBeGreaterThan(2);
        updates.Select(u => (u.ResponseId, u.MessageId, u.ModelId, u.Role)).Distinct().Count().ShouldBe(1);
        TinyHost.ReceiptOf(updates[^1].AdditionalProperties).Reference.ShouldBe("red@1");
        TinyHost.ReceiptOf(updates[^1].AdditionalProperties).Seed.ShouldBe(3);
        updates[^1].Contents.OfType<UsageContent>().Single().Details.OutputTokenCount.ShouldBe(12);
        updates[..^1].ShouldAllBe(u => u.FinishReason == null && u.AdditionalProperties == null);

        ChatResponse joined = updates.ToChatResponse();
        (joined.Text, joined.FinishReason, joined.Usage!.TotalTokenCount).ShouldBe((response.Text, response.FinishReason, response.Usage!.TotalTokenCount));
        TinyHost.ReceiptOf(joined.Messages[0].AdditionalProperties).Reference.ShouldBe("red@1");
    }

    [Fact]
    public async Task GetResponse_WithoutARoute_IsRefused_AndTheBaseDoesNotAnswer()
    {
        NoRouteException error = await Should.ThrowAsync<NoRouteException>(() => host.Client.GetResponseAsync(s_hello, null, Token));

        error.Message.ShouldContain("'echo', 'mood', 'plain', 'talk'");
        await Should.ThrowAsync<AdapterNotFoundException>(() => host.Client.GetResponseAsync(s_hello, new ChatOptions { ModelId = "green" }, Token));
    }

    [Fact]
    public async Task GetResponse_TheBaseAskedForByName_SaysSo()
    {
        ChatOptions options = TinyHost.Options("adapter", "base");
        options.AdditionalProperties!["skill"] = "plain";
        ChatResponse response = await host.Client.GetResponseAsync(s_hello, options, Token);

        response.Text.ShouldBe(await EngineSaysAsync("hello", null, 8));
        Receipt receipt = TinyHost.ReceiptOf(response.AdditionalProperties);
        (receipt.Reference, receipt.Version, receipt.Digest, receipt.Method).ShouldBe(("base", null, null, null));
    }

    [Fact]
    public async Task GetStreamingResponse_Cancelled_StopsBetweenTokens_AndGivesTheLeaseBack()
    {
        using CancellationTokenSource cancel = new();
        int seen = 0;
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (ChatResponseUpdate update in host.Client.GetStreamingResponseAsync(s_hello, TinyHost.Options("skill", "echo", 400), cancel.Token))
            {
                if (++seen == 2)
                {
                    await cancel.CancelAsync();
                }
            }
        });

        seen.ShouldBeLessThan(5);
        host.Runtime.Residency.Statistics.Residents.ShouldAllBe(a => a.Leases == 0);
    }

    [Fact]
    public async Task GetStreamingResponse_TheReaderWalksAway_GivesTheLeaseBack()
    {
        await foreach (ChatResponseUpdate _ in host.Client.GetStreamingResponseAsync(s_hello, TinyHost.Options("skill", "echo", 400), Token))
        {
            break;
        }

        host.Runtime.Residency.Statistics.Residents.ShouldAllBe(a => a.Leases == 0);
    }

    [Fact]
    public async Task GetStreamingResponse_APromotionMeanwhile_MovesOnlyNewRequests()
    {
        host.Runtime.Store.Promote("red@1", "moving");
        ChatOptions options = TinyHost.Options("adapter", "red@moving", 6);
        options.AdditionalProperties!["skill"] = "echo";
        string old = await EngineSaysAsync("<|im_start|>Say: hello\nAnswer:", "red@1", 6);
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in host.Client.GetStreamingResponseAsync(s_hello, options, Token))
        {
            if (updates.Count == 0)
            {
                host.Runtime.Store.Promote("red@2", "moving");
            }

            updates.Add(update);
        }

        string.Concat(updates.Select(u => u.Text)).ShouldBe(old);
        TinyHost.ReceiptOf(updates[^1].AdditionalProperties).Reference.ShouldBe("red@1");
        TinyHost.ReceiptOf((await host.Client.GetResponseAsync(s_hello, options, Token)).AdditionalProperties).Reference.ShouldBe("red@2");
    }

    [Fact]
    public async Task GetResponse_ManyAtOnce_NoMixUp()
    {
        (string Adapter, string Text)[] expected = [("red@1", ""), ("red@2", ""), ("blue@1", "")];
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i].Text = await EngineSaysAsync("hello", expected[i].Adapter, 5);
        }

        expected.Select(e => e.Text).Distinct().Count().ShouldBe(3, "adapters that say the same prove nothing");
        ChatResponse[] responses = await Task.WhenAll(Enumerable.Range(0, 24).Select(i =>
        {
            ChatOptions options = TinyHost.Options("skill", "plain", 5);
            options.ModelId = expected[i % 3].Adapter;
            return host.Client.GetResponseAsync(s_hello, options, Token);
        }));

        responses.Select(r => (TinyHost.ReceiptOf(r.AdditionalProperties).Reference, r.Text)).ShouldBe(Enumerable.Range(0, 24).Select(i => expected[i % 3]));
    }

    [Fact]
    public async Task GetResponse_StopSequences_EndTheAnswer()
    {
        string full = await EngineSaysAsync("hello", null, 8);
        ChatOptions options = TinyHost.Options("skill", "plain");
        options.StopSequences = [full[3..5]];
        ChatResponse response = await host.Client.GetResponseAsync(s_hello, options, Token);

        response.Text.ShouldBe(full[..full.IndexOf(full[3..5], StringComparison.Ordinal)]);
        response.FinishReason.ShouldBe(ChatFinishReason.Stop);
    }

    [Fact]
    public async Task GetResponse_TopLogProbs_ReportsEveryToken()
    {
        ChatOptions options = TinyHost.Options("skill", "plain", 4);
        options.AdditionalProperties!["top_logprobs"] = 2;
        ChatResponse response = await host.Client.GetResponseAsync(s_hello, options, Token);

        TokenProbability[] tokens = response.AdditionalProperties![TokenProbability.PropertyName].ShouldBeOfType<TokenProbability[]>();
        tokens.Length.ShouldBe(4);
        tokens.ShouldAllBe(t => t.Top.Count == 2 && t.Top[0].Id == t.Id && t.LogProbability < 0);
    }

    [Fact]
    public async Task GetResponse_ASkillWithAPrompt_TakesOneUserTextAndNothingElse()
    {
        ChatMessage[][] wrong =
        [
            [new(ChatRole.User, "a"), new(ChatRole.Assistant, "b"), new(ChatRole.User, "c")],
            [new(ChatRole.System, "a")],
            [new(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")])],
        ];
        foreach (ChatMessage[] messages in wrong)
        {
            (await Should.ThrowAsync<InvalidOptionException>(() => host.Client.GetResponseAsync(messages, TinyHost.Options("skill", "echo"), Token))).Message.ShouldContain("'echo'");
        }

        ChatOptions instructed = TinyHost.Options("skill", "echo");
        instructed.Instructions = "be brief";
        (await Should.ThrowAsync<InvalidOptionException>(() => host.Client.GetResponseAsync(s_hello, instructed, Token))).Option.ShouldBe("Instructions");
    }

    [Fact]
    public void GetService_GivesWhatSemanticKernelAsksFor()
    {
        host.Client.GetService<ChatClientMetadata>()!.ProviderName.ShouldBe("skpeft");
        host.Client.GetService<ChatClientMetadata>()!.DefaultModelId.ShouldBeNull();
        host.Runtime.CreateClient("mood").GetService<ChatClientMetadata>()!.DefaultModelId.ShouldBe("blue");
        host.Client.GetService<IChatClient>().ShouldBe(host.Client);
        host.Client.GetService<LanguageModel>().ShouldBe(host.Runtime.Model);
        host.Client.GetService<ISkillRouter>().ShouldNotBeNull();
        host.Client.GetService(typeof(ChatClientMetadata), "key").ShouldBeNull();
        host.Client.GetService<TimeProvider>().ShouldBeNull();
    }

    [Fact]
    public void Explain_SaysWhatARequestWouldGet_AndWhy()
    {
        PeftChatClient client = host.Runtime.CreateClient();

        RouteExplanation route = client.Explain(new ChatOptions { AdditionalProperties = new() { ["function"] = "Any.Echo" } });
        route.Version!.Reference.ShouldBe("red@2");
        route.Reason.ShouldContain("belongs to skill 'echo'");
        client.Explain(new ChatOptions { ModelId = "green" }).Reason.ShouldContain("There is no adapter 'green'");
        client.Explain().IsRefused.ShouldBeTrue();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The same, asked of the engine itself.</summary>
    private async Task<string> EngineSaysAsync(string prompt, string? adapter, int most)
    {
        LanguageModel model = host.Runtime.Model;
        using IAdapterLease? lease = adapter is null ? null : await host.Runtime.Residency.LeaseAsync(adapter, Token);
        GenerationRequest request = new()
        {
            Prompt = model.Tokenizer!.Encode(prompt, Engine.Tokenization.SpecialTokens.Match), Adapter = lease?.Adapter, MaxTokens = most,
        };
        string text = "";
        await foreach (GenerationUpdate update in model.Engine.GenerateAsync(request, Token))
        {
            text += update.Text;
        }

        return text;
    }
}
