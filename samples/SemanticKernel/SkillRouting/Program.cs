using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using SkPeft;
using SkPeft.Adapters.Store;
using SkPeft.Connectors.Bundles;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Receipts;
using SkPeft.SemanticKernel;

// One plugin with three functions, each answered through a module of another method. Which one is a matter of the skills' Functions.
UnpackedBundle? shipped = null;
try
{
    shipped = ModelBundle.OpenShipped().Unpack();
    SkPeftSettings settings = shipped.Bundle.SettingsFor(shipped.Store);
    using PeftRuntime runtime = PeftRuntime.Open(settings with { Skills = [.. settings.Skills.Select(s => s with { Default = false, Functions = [$"Desk.{s.Name}"] })] }, AppContext.BaseDirectory);

    IKernelBuilder builder = Kernel.CreateBuilder().AddPeftChatCompletion(runtime);
    builder.Plugins.AddFromFunctions("Desk", [Prompt("sentiment"), Prompt("describe"), Prompt("family")]);
    Kernel kernel = builder.Build();

    await AskAsync(kernel);
    await SwapAsync(kernel, runtime.Store, Path.Combine(shipped.Bundle.Folder, "skills"));
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

// The skill has the prompt that its module was trained with; the function brings the text for it.
static KernelFunction Prompt(string name) => KernelFunctionFactory.CreateFromPrompt("{{$input}}", functionName: name);

static async Task AskAsync(Kernel kernel)
{
    const string facts = "name[The Eagle], eatType[coffee shop], food[French], area[riverside]";
    await ShowAsync(kernel, "sentiment", "It's a warm, funny and beautifully acted film");
    await ShowAsync(kernel, "family", "The Eagle is a family friendly coffee shop by the river.");

    // Streamed: the last update has the receipt.
    Console.Write("Desk.describe: ");
    await foreach (ChatResponseUpdate update in kernel.InvokeStreamingAsync<ChatResponseUpdate>("Desk", "describe", new KernelArguments { ["input"] = facts }))
    {
        Console.Write(update.Text);
        if (update.AdditionalProperties?.GetValueOrDefault(Receipt.PropertyName) is Receipt receipt)
        {
            Console.WriteLine($"\n  by {receipt}");
        }
    }

    // A template calls another function: it answers through its own module, the template through the one that its settings name.
    KernelFunction outer = KernelFunctionFactory.CreateFromPrompt("{{Desk.describe}}", new PeftPromptExecutionSettings { Skill = "family" }, "IsForFamilies");
    FunctionResult nested = await kernel.InvokeAsync(outer, new KernelArguments { ["input"] = facts });
    Console.WriteLine($"IsForFamilies, of what Desk.describe says: {nested}\n  by {nested.Metadata![Receipt.PropertyName]}");
}

// While requests run, sentiment@prod gets another version, of another method, and its own back.
static async Task SwapAsync(Kernel kernel, AdapterStore store, string skills)
{
    using CancellationTokenSource stop = new();
    Task<int> running = Task.Run(() => AskOnAsync(kernel, stop.Token));
    string second = store.Add("sentiment", Path.Combine(skills, "topic")).Version.Reference;
    store.Promote(second, ModelBundle.Alias);
    await ShowAsync(kernel, "sentiment", "dull, predictable and far too long");
    store.Rollback("sentiment", ModelBundle.Alias);
    await ShowAsync(kernel, "sentiment", "dull, predictable and far too long");
    await stop.CancelAsync();
    Console.WriteLine($"meanwhile: {await running} other answers, none of them lost");
}

static async Task<int> AskOnAsync(Kernel kernel, CancellationToken stop)
{
    int answers = 0;
    do
    {
        FunctionResult result = await kernel.InvokeAsync("Desk", "sentiment", new KernelArguments { ["input"] = "a dull film" }, CancellationToken.None);
        answers += result.Metadata![Receipt.PropertyName] is Receipt ? 1 : 0;
    }
    while (!stop.IsCancellationRequested);

    return answers;
}

static async Task ShowAsync(Kernel kernel, string function, string input)
{
    FunctionResult result = await kernel.InvokeAsync("Desk", function, new KernelArguments { ["input"] = input });
    Console.WriteLine($"Desk.{function}: {result}\n  by {result.Metadata![Receipt.PropertyName]}");
}
