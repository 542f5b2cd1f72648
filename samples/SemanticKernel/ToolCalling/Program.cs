using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using SkPeft;
using SkPeft.Connectors.Bundles;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Skills;
using SkPeft.SemanticKernel;
using SkPeft.ToolCallingSample;

// The model must call a function; its tokens are held to the form of a call and to the function's schema. One of the functions is a prompt
// function: it answers through a module of its own. A model of yours that knows tools: --model FILE (with its own chat template).
string? model = args is ["--model", { } path] ? path : null;
UnpackedBundle? shipped = null;
try
{
    shipped = ModelBundle.OpenShipped().Unpack();
    SkPeftSettings settings = shipped.Bundle.SettingsFor(shipped.Store);
    SkillDefinition[] modules = [.. settings.Skills.Where(s => s.Name == "sentiment").Select(s => s with { Default = false, Functions = ["Reviews.Sentiment"] })];
    SkillDefinition clerk = new() { Name = "clerk", Adapter = "base", Functions = ["Ask"] };
    using PeftRuntime runtime = PeftRuntime.Open(
        settings with
        {
            Model = model ?? settings.Model,
            ChatTemplate = model is null ? Path.Combine(AppContext.BaseDirectory, "chat.jinja") : null,
            AllowBase = true,
            MaxOutputTokens = 160,
            Skills = model is null ? [.. modules, clerk] : [clerk],
        },
        AppContext.BaseDirectory);

    IKernelBuilder builder = Kernel.CreateBuilder().AddPeftChatCompletion(runtime);
    builder.Plugins.AddFromType<Lights>();
    if (model is null)
    {
        builder.Plugins.AddFromFunctions("Reviews", [Sentiment()]);
    }

    Kernel kernel = builder.Build();
    foreach (KernelFunction tool in kernel.Plugins.SelectMany(p => p))
    {
        await AskAsync(kernel, tool);
    }

    return 0;
}
catch (SkPeftException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
finally
{
    shipped?.Dispose();
}

// A prompt function as a tool: one of two reviews, so that the model cannot but name a real one.
static KernelFunction Sentiment() => KernelFunctionFactory.CreateFromPrompt(new PromptTemplateConfig("{{$review}}")
{
    Name = "Sentiment",
    Description = "Says how a review sounds.",
    InputVariables = [new InputVariable { Name = "review", IsRequired = true, JsonSchema = """{ "type": "string", "enum": [ "It's a warm, funny film", "dull and far too long" ] }""" }],
});

static async Task AskAsync(Kernel kernel, KernelFunction tool)
{
    PeftPromptExecutionSettings settings = new()
    {
        Seed = 1,
        MaxTokens = 160,
        FunctionChoiceBehavior = FunctionChoiceBehavior.Required([tool], options: new FunctionChoiceBehaviorOptions { AllowParallelCalls = false }),
    };
    KernelFunction ask = KernelFunctionFactory.CreateFromPrompt("{{$input}}", settings, "Ask");
    FunctionResult result = await kernel.InvokeAsync(ask, new KernelArguments { ["input"] = $"Please use {tool.PluginName}_{tool.Name}." });
    foreach (AIContent content in result.GetValue<ChatResponse>()!.Messages.SelectMany(m => m.Contents))
    {
        string? line = content switch
        {
            Microsoft.Extensions.AI.FunctionCallContent call => $"calls {call.Name}({string.Join(", ", (call.Arguments ?? new Dictionary<string, object?>()).Select(a => $"{a.Key}: {a.Value}"))})",
            Microsoft.Extensions.AI.FunctionResultContent { Result: ChatResponse answer } => $"result: {answer.Text}\n  by {answer.AdditionalProperties![Receipt.PropertyName]}",
            Microsoft.Extensions.AI.FunctionResultContent given => $"result: {given.Result}",
            _ => null,
        };
        if (line is not null)
        {
            Console.WriteLine(line);
        }
    }

    Console.WriteLine($"asked of {result.Metadata![Receipt.PropertyName]}");
}
