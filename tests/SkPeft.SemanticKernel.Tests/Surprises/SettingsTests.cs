using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using SkPeft.Connectors.Receipts;

namespace SkPeft.SemanticKernel.Tests.Surprises;

/// <summary>Whose settings hold.</summary>
public sealed class SettingsTests(KernelFixture fixture) : IClassFixture<KernelFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Surprise06_ExtensionDataTellsCasesApart()
    {
        Kernel kernel = fixture.Build();
        PromptExecutionSettings[] explicitly =
        [
            new() { ExtensionData = new Dictionary<string, object> { ["Adapter"] = "red@1", ["SKILL"] = "say" } },
            new PeftPromptExecutionSettings { Adapter = "red@1", Skill = "say" },
            new PeftPromptExecutionSettings { Adapter = "red@1", ExtensionData = new Dictionary<string, object> { ["Skill"] = "say" } },
        ];

        foreach (PromptExecutionSettings settings in explicitly)
        {
            Receipt receipt = KernelFixture.ReceiptOf((await kernel.InvokeAsync("Reviews", "Mood", KernelFixture.Input("x", settings), Token)).Metadata);
            (receipt.Reference, receipt.Skill).ShouldBe(("red@1", "say"));
            KernelFixture.ReceiptOf((await kernel.InvokeAsync(KernelFixture.Function("Alone", settings), KernelFixture.Input("x"), Token)).Metadata).Reference.ShouldBe("red@1");
        }
    }

    [Fact]
    public async Task Surprise07_AdHocPromptsAndAgents_HaveMadeUpNames()
    {
        Kernel kernel = fixture.Build();

        NoRouteException refused = await Should.ThrowAsync<NoRouteException>(() => kernel.InvokePromptAsync("hello", cancellationToken: Token));
        refused.Message.ShouldNotContain("InvokePrompt");
        FunctionResult named = await kernel.InvokePromptAsync("hello", KernelFixture.Input("", new PeftPromptExecutionSettings { Skill = "say" }), cancellationToken: Token);
        KernelFixture.ReceiptOf(named.Metadata).Route.ShouldBe("skill 'say' was asked for.");

        // What an agent does: a placeholder stands for the function.
        KernelArguments arguments = new(new PeftPromptExecutionSettings { Skill = "talk", MaxTokens = 3 });
        KernelFunction placeholder = KernelFunctionFactory.CreateFromPrompt("placeholder", arguments.ExecutionSettings!.Values);
        kernel.ServiceSelector.TrySelectAIService<IChatCompletionService>(kernel, placeholder, arguments, out _, out _).ShouldBeFalse();
        ((IChatClientSelector)kernel.ServiceSelector).TrySelectChatClient(kernel, placeholder, arguments, out IChatClient? client, out PromptExecutionSettings? settings).ShouldBeTrue();
        ChatMessageContent answer = (await client!.AsChatCompletionService().GetChatMessageContentsAsync(new ChatHistory("hello"), settings, kernel, Token))[0];
        KernelFixture.ReceiptOf(answer.Metadata).Reference.ShouldBe("green@1");
    }

    [Fact]
    public async Task Surprise08_SettingsOfArguments_LeakIntoNestedCalls()
    {
        Kernel kernel = fixture.Build();
        List<Receipt> nested = [];
        kernel.FunctionInvocationFilters.Add(new Listener(result => nested.Add(KernelFixture.ReceiptOf(result.Metadata)), "Mood"));
        KernelFunction outer = KernelFixture.Function("Outer", prompt: "{{Reviews.Mood $input}} and {{Reviews.Mood}}");
        KernelArguments arguments = KernelFixture.Input("x", new PeftPromptExecutionSettings { Adapter = "red@1", Skill = "say", MaxTokens = 2 });

        FunctionResult result = await kernel.InvokeAsync(outer, arguments, Token);
        KernelFixture.ReceiptOf(result.Metadata).Reference.ShouldBe("red@1");
        Receipt streamed = await KernelFixture.StreamedReceiptAsync(kernel.InvokeStreamingAsync<ChatResponseUpdate>(outer, arguments, Token));
        streamed.Reference.ShouldBe("red@1");

        nested.Count.ShouldBe(4);
        nested.ShouldAllBe(r => r.Skill == "mood" && r.Reference == "blue@1");
        arguments.ExecutionSettings.ShouldNotBeNull();

        // The same settings given to the function itself are its own, also while others render with them.
        FunctionResult[] together = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => kernel.InvokeAsync(i % 2 == 0 ? outer : kernel.Plugins["Reviews"]["Mood"], arguments, Token)));
        together.ShouldAllBe(r => KernelFixture.ReceiptOf(r.Metadata).Reference == "red@1");
    }

    [Fact]
    public async Task Surprise09_AStreamIsReadLater()
    {
        Kernel kernel = fixture.Build();
        (string Function, string Skill)[] both = [("Say", "say"), ("Mood", "mood")];

        // All of them are asked before any is read, and they are read by turns.
        IAsyncEnumerator<ChatResponseUpdate>[] streams =
            [.. Enumerable.Range(0, 8).Select(i => kernel.InvokeStreamingAsync<ChatResponseUpdate>("Reviews", both[i % 2].Function, KernelFixture.Input("x"), Token).GetAsyncEnumerator(Token))];
        ChatResponseUpdate?[] last = new ChatResponseUpdate?[streams.Length];
        for (bool isMore = true; isMore;)
        {
            isMore = false;
            for (int i = 0; i < streams.Length; i++)
            {
                if (await streams[i].MoveNextAsync())
                {
                    last[i] = streams[i].Current;
                    isMore = true;
                }
            }
        }

        last.Select(u => KernelFixture.ReceiptOf(u!.AdditionalProperties).Skill).ShouldBe(Enumerable.Range(0, 8).Select(i => both[i % 2].Skill));
    }

    private sealed class Listener(Action<FunctionResult> heard, string function) : IFunctionInvocationFilter
    {
        public async Task OnFunctionInvocationAsync(Microsoft.SemanticKernel.FunctionInvocationContext context, Func<Microsoft.SemanticKernel.FunctionInvocationContext, Task> next)
        {
            await next(context);
            if (context.Function.Name == function)
            {
                heard(context.Result);
            }
        }
    }
}
