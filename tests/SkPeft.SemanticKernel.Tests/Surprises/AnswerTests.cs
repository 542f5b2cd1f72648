using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using SkPeft.Connectors;

namespace SkPeft.SemanticKernel.Tests.Surprises;

/// <summary>What comes back.</summary>
public sealed class AnswerTests(KernelFixture fixture) : IClassFixture<KernelFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Surprise15_FinishReasonAndReceipt_AreInTheMetadata()
    {
        Kernel kernel = fixture.Build();

        FunctionResult result = await kernel.InvokeAsync("Reviews", "Say", KernelFixture.Input("x", new PeftPromptExecutionSettings { MaxTokens = 2 }), Token);
        KernelFixture.ReceiptOf(result.Metadata).Skill.ShouldBe("say");
        result.Metadata![PeftChatClient.FinishReasonProperty].ShouldBe("length");
        result.GetValue<ChatResponse>()!.Usage!.OutputTokenCount.ShouldBe(2);

        IChatCompletionService service = kernel.Services.GetRequiredKeyedService<IChatCompletionService>("say");
        ChatHistory history = [new ChatMessageContent(AuthorRole.User, "x")];
        ChatMessageContent message = (await service.GetChatMessageContentsAsync(history, new PeftPromptExecutionSettings { MaxTokens = 2 }, kernel, Token))[0];
        (KernelFixture.ReceiptOf(message.Metadata).Skill, message.Metadata![PeftChatClient.FinishReasonProperty]).ShouldBe(("say", "length"));

        StreamingChatMessageContent? last = null;
        await foreach (StreamingChatMessageContent part in service.GetStreamingChatMessageContentsAsync(history, new PeftPromptExecutionSettings { MaxTokens = 2 }, kernel, Token))
        {
            last = part;
        }

        (KernelFixture.ReceiptOf(last!.Metadata).Skill, last.Metadata![PeftChatClient.FinishReasonProperty]).ShouldBe(("say", "length"));
    }

    [Fact]
    public async Task Surprise16_ErrorsPassThrough_CancellationIsTheKernels()
    {
        Kernel kernel = fixture.Build();
        PeftPromptExecutionSettings unknown = new() { Adapter = "nowhere" };
        PromptExecutionSettings odd = new() { ExtensionData = new Dictionary<string, object> { ["temprature"] = 1 } };

        (await Should.ThrowAsync<AdapterNotFoundException>(() => kernel.InvokeAsync("Reviews", "Say", KernelFixture.Input("x", unknown), Token))).Message.ShouldContain("'nowhere'");
        (await Should.ThrowAsync<InvalidOptionException>(() => kernel.InvokeAsync("Reviews", "Say", KernelFixture.Input("x", odd), Token))).Message.ShouldContain("'temprature'");

        using CancellationTokenSource cancel = new();
        await cancel.CancelAsync();
        Exception? cancelled = await Record.ExceptionAsync(() => kernel.InvokeAsync("Reviews", "Say", KernelFixture.Input("x"), cancel.Token));
        cancelled.ShouldBeOfType<KernelFunctionCanceledException>().Function.Name.ShouldBe("Say");
        fixture.Runtime.Residency.Statistics.Residents.ShouldAllBe(a => a.Leases == 0);
    }
}
