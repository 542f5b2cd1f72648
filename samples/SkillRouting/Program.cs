using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SkPeft;
using SkPeft.Connectors;
using SkPeft.Connectors.Bundles;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Receipts;

// One model, two skills. Which adapter answers is a matter of appsettings.json; the code below knows IChatClient and nothing else.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
UnpackedBundle? shipped = null;
try
{
    // Where no model is configured: the one of this repository, and its adapters in a temporary store.
    if (string.IsNullOrEmpty(builder.Configuration["SkPeft:Model"]))
    {
        shipped = ModelBundle.OpenShipped().Unpack();
        builder.Configuration["SkPeft:Model"] = shipped.Bundle.Model;
        builder.Configuration["SkPeft:Store"] = shipped.Store;
    }

    builder.Services.AddSkPeft(builder.Configuration);
    using IHost host = builder.Build();
    await host.StartAsync();
    await AskAsync(host.Services);
    await host.StopAsync();
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

static async Task AskAsync(IServiceProvider services)
{
    // 1. A client by its skill's name: a verbaliser. The answer is a class, the receipt has the probabilities.
    IChatClient sentiment = services.GetRequiredKeyedService<IChatClient>("sentiment");
    Show("a wonderful, warm and funny film", await sentiment.GetResponseAsync("a wonderful, warm and funny film"));

    // 2. One client for everything: a function's name leads to the skill that claims it. Streamed, token by token.
    IChatClient chat = services.GetRequiredService<IChatClient>();
    ChatOptions asFunction = new() { MaxOutputTokens = 40, AdditionalProperties = new() { ["function"] = "Restaurant.Describe" } };
    const string facts = "name[The Eagle], eatType[coffee shop], food[Japanese], area[riverside]";
    List<ChatResponseUpdate> updates = [];
    await foreach (ChatResponseUpdate update in chat.GetStreamingResponseAsync(facts, asFunction))
    {
        updates.Add(update);
    }

    Show(facts, updates.ToChatResponse());

    // 3. Why? And what of a request that no rule covers? It is refused: the bare model never answers in an adapter's place.
    Console.WriteLine(chat.GetService<PeftChatClient>()!.Explain(asFunction));
    try
    {
        await chat.GetResponseAsync("hello");
    }
    catch (NoRouteException e)
    {
        Console.WriteLine($"refused: {e.Message}");
    }
}

static void Show(string input, ChatResponse response)
{
    Receipt receipt = (Receipt)(response.AdditionalProperties ?? response.Messages[^1].AdditionalProperties)![Receipt.PropertyName]!;
    Console.WriteLine($"{input}\n  -> {response.Text.Trim()}\n  by {receipt}");
    foreach ((string label, double probability) in receipt.Probabilities ?? new Dictionary<string, double>())
    {
        Console.WriteLine($"     {label}: {probability:P1}");
    }
}
