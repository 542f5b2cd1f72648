using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using SkPeft.Connectors.Prompts;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Tools;
using FunctionResultContent = Microsoft.Extensions.AI.FunctionResultContent;

namespace SkPeft.SemanticKernel.Tests.Surprises;

/// <summary>Functions that the model calls. The tiny model calls one because it must: its tokens are held to the call's form.</summary>
public sealed class ToolTests(KernelFixture fixture) : IClassFixture<KernelFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Surprise11_ToolNamesArePluginUnderscoreFunction()
    {
        Kernel kernel = fixture.Build();
        int weather = 0;
        List<Receipt> asTool = [];
        kernel.Plugins.Add(KernelPluginFactory.CreateFromFunctions("City",
        [
            KernelFunctionFactory.CreateFromMethod(() => { weather++; return "sunny"; }, "Weather", "Tells the weather."),
        ]));
        kernel.Plugins.Add(KernelPluginFactory.CreateFromFunctions("Inner", [KernelFixture.Function("Mood", new PeftPromptExecutionSettings { Skill = "mood" }, "It is fine.")]));
        kernel.FunctionInvocationFilters.Add(new Heard(r => asTool.Add(KernelFixture.ReceiptOf(r.Metadata))));

        // A call whose arguments ramble beyond the last token is not made. A call and the answer to its result fit the context, whatever is said.
        int results = 0;
        for (int seed = 0; seed < 10; seed++)
        {
            FunctionResult result = await kernel.InvokeAsync(Asks(kernel.Plugins["City"]["Weather"], seed), KernelFixture.Input("x"), Token);
            KernelFixture.ReceiptOf(result.Metadata).Reference.ShouldBe("green@1");
            AIContent[] contents = [.. result.GetValue<ChatResponse>()!.Messages.SelectMany(m => m.Contents)];
            contents.OfType<Microsoft.Extensions.AI.FunctionCallContent>().ShouldAllBe(c => c.Name == "City_Weather");
            contents.OfType<FunctionResultContent>().ShouldAllBe(r => r.Result!.ToString() == "sunny");
            results += contents.OfType<FunctionResultContent>().Count();
        }

        weather.ShouldBe(results);
        results.ShouldBeGreaterThan(0);

        // Streaming, and a prompt function as a tool: it answers through its own module, the caller through its own.
        for (int seed = 0; seed < 10; seed++)
        {
            KernelFunction asks = Asks(kernel.Plugins["Inner"]["Mood"], seed);
            (await KernelFixture.StreamedReceiptAsync(kernel.InvokeStreamingAsync<ChatResponseUpdate>(asks, KernelFixture.Input("x"), Token))).Reference.ShouldBe("green@1");
        }

        asTool.ShouldNotBeEmpty();
        asTool.ShouldAllBe(r => r.Reference == "blue@1");
    }

    [Fact]
    public void Surprise12_TheSchemaCallsTheDescriptionCondition()
    {
        Kernel kernel = fixture.Build();
        kernel.Plugins.AddFromFunctions("City", [KernelFunctionFactory.CreateFromMethod(([Description("where")] string city) => city, "Weather", "Tells the weather.")]);
        AIFunctionDeclaration tool = (AIFunctionDeclaration)Options(FunctionChoiceBehavior.Auto([kernel.Plugins["City"]["Weather"]]), kernel).Tools!.ShouldHaveSingleItem();

        JsonObject function = (JsonObject)MessageMapper.Map([tool]).ShouldHaveSingleItem()["function"]!;

        ((string?)function["name"], (string?)function["description"]).ShouldBe(("City_Weather", "Tells the weather."));
        tool.JsonSchema.TryGetProperty("condition", out _).ShouldBeTrue("the surprise is gone: so may ToolSchema be");
        function["parameters"]!.AsObject().ContainsKey("condition").ShouldBeFalse();
        ((string?)function["parameters"]!["properties"]!["city"]!["description"]).ShouldBe("where");
    }

    [Fact]
    public async Task Surprise13_ToolResultsAreOfManyTypes()
    {
        Kernel kernel = fixture.Build();
        FunctionResult answered = await kernel.InvokeAsync("Reviews", "Mood", KernelFixture.Input("x"), Token);
        ChatMessageContent message = new(AuthorRole.Assistant, "text");

        (object? Result, string Text)[] kinds =
        [
            ("text", "text"), (JsonElement.Parse("\"text\""), "text"), (JsonElement.Parse("{\"a\":1}"), "{\"a\":1}"), (new ChatResponse(new ChatMessage(ChatRole.Assistant, "text")), "text"),
            (message, "text"), (answered, answered.GetValue<string>()!), (null, ""),
        ];
        kinds.ShouldAllBe(k => ToolResultText.Of(new FunctionResultContent("1", k.Result)) == k.Text);
    }

    [Fact]
    public async Task Surprise14_ModeNoneStillSendsTheTools()
    {
        Kernel kernel = fixture.Build();
        KernelFunction tool = KernelFunctionFactory.CreateFromMethod(() => "x", "Weather", "Tells the weather.");
        kernel.Plugins.AddFromFunctions("City", [tool]);
        FunctionChoiceBehavior none = FunctionChoiceBehavior.None([kernel.Plugins["City"]["Weather"]]);

        ChatOptions options = Options(none, kernel);
        options.Tools.ShouldNotBeEmpty();
        ToolReader.Read(options).Tools.ShouldBeEmpty();

        // A skill with a prompt of its own takes no tools: that it answers shows that there were none.
        FunctionResult result = await kernel.InvokeAsync("Reviews", "Say", KernelFixture.Input("x", new PeftPromptExecutionSettings { FunctionChoiceBehavior = none }), Token);
        KernelFixture.ReceiptOf(result.Metadata).Skill.ShouldBe("say");
    }

    private static ChatOptions Options(FunctionChoiceBehavior behavior, Kernel kernel) => new PeftPromptExecutionSettings { FunctionChoiceBehavior = behavior }.ToChatOptions(kernel)!;

    private static KernelFunction Asks(KernelFunction tool, int seed) => KernelFixture.Function(
        "Ask", new PeftPromptExecutionSettings { Skill = "talk", Seed = seed, MaxTokens = 100, Temperature = 1, FunctionChoiceBehavior = FunctionChoiceBehavior.Required([tool], options: new() { AllowParallelCalls = false }) });

    private sealed class Heard(Action<FunctionResult> heard) : IFunctionInvocationFilter
    {
        public async Task OnFunctionInvocationAsync(Microsoft.SemanticKernel.FunctionInvocationContext context, Func<Microsoft.SemanticKernel.FunctionInvocationContext, Task> next)
        {
            await next(context);
            if (context.Function is { PluginName: "Inner" })
            {
                heard(context.Result);
            }
        }
    }
}
