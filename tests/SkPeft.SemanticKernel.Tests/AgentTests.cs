#if SK_AGENTS
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Agents;
#endif

namespace SkPeft.SemanticKernel.Tests;

#if SK_AGENTS
public sealed class AgentTests(KernelFixture fixture) : IClassFixture<KernelFixture>
{
    [Fact]
    public async Task AnAgent_AnswersThroughTheModuleThatItsArgumentsName_StreamedOrNot()
    {
        Kernel kernel = fixture.Build();
        (PromptExecutionSettings Settings, string Reference)[] all =
            [(new PeftPromptExecutionSettings { Skill = "talk" }, "green@1"), (new PromptExecutionSettings { ServiceId = "talk" }, "green@1"), (new PeftPromptExecutionSettings { Skill = "talk", Adapter = "red@1" }, "red@1")];
        foreach ((PromptExecutionSettings settings, string reference) in all)
        {
            ChatCompletionAgent agent = new() { Name = "Clerk", Instructions = "Be brief.", Kernel = kernel, Arguments = new KernelArguments(settings) };
            await foreach (AgentResponseItem<ChatMessageContent> item in agent.InvokeAsync("hello", cancellationToken: TestContext.Current.CancellationToken))
            {
                KernelFixture.ReceiptOf(item.Message.Metadata).Reference.ShouldBe(reference);
            }

            StreamingChatMessageContent? last = null;
            await foreach (AgentResponseItem<StreamingChatMessageContent> item in agent.InvokeStreamingAsync("hello", cancellationToken: TestContext.Current.CancellationToken))
            {
                last = item.Message;
            }

            KernelFixture.ReceiptOf(last!.Metadata).Reference.ShouldBe(reference);
        }
    }
}
#else
public sealed class AgentTests
{
    [Fact]
    public void AnAgent_AnswersThroughTheModuleThatItsArgumentsName_StreamedOrNot() =>
        Assert.Skip("SK_FEED has no Microsoft.SemanticKernel.Agents.Core of this version.");
}
#endif
