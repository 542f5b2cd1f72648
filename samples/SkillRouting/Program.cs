using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SkPeft;
using SkPeft.Connectors;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Receipts;

// One model, two skills. Which adapter answers is a matter of appsettings.json; the code below knows IChatClient and nothing else.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddSkPeft(builder.Configuration);
using IHost host = builder.Build();
try
{
    await host.StartAsync();
}
catch (ConfigurationException e)
{
    foreach (string problem in e.Problems)
    {
        Console.Error.WriteLine(problem);
    }

    Console.Error.WriteLine("Give this sample a model and a store that has both adapters, by full paths; its README.md has the commands:");
    Console.Error.WriteLine("  dotnet run -c Release --project samples/SkillRouting -- --SkPeft:Model MODEL --SkPeft:Store FOLDER");
    return 1;
}

// 1. A client by its skill's name: a verbaliser. The answer is a class, the receipt has the probabilities.
IChatClient sentiment = host.Services.GetRequiredKeyedService<IChatClient>("sentiment");
Show("a wonderful, warm and funny film", await sentiment.GetResponseAsync("a wonderful, warm and funny film"));

// 2. One client for everything: a function's name leads to the skill that claims it. Streamed, token by token.
IChatClient chat = host.Services.GetRequiredService<IChatClient>();
ChatOptions asFunction = new() { MaxOutputTokens = 40, AdditionalProperties = new() { ["function"] = "Restaurant.Describe" } };
const string facts = "name[The Eagle], eatType[coffee shop], food[Japanese], area[riverside]";
List<ChatResponseUpdate> updates = [];
await foreach (ChatResponseUpdate update in chat.GetStreamingResponseAsync(facts, asFunction))
{
    updates.Add(update);
}

Show(facts, updates.ToChatResponse());

// 3. Why? And what of a request that no rule covers? It is refused: the bare model never answers in an adapter's place.
Console.WriteLine(((PeftChatClient)chat).Explain(asFunction));
try
{
    await chat.GetResponseAsync("hello");
}
catch (NoRouteException e)
{
    Console.WriteLine($"refused: {e.Message}");
}

await host.StopAsync();
return 0;

static void Show(string input, ChatResponse response)
{
    Receipt receipt = (Receipt)(response.AdditionalProperties ?? response.Messages[^1].AdditionalProperties)![Receipt.PropertyName]!;
    Console.WriteLine($"{input}\n  -> {response.Text.Trim()}\n  by {receipt}");
    foreach ((string label, double probability) in receipt.Probabilities ?? new Dictionary<string, double>())
    {
        Console.WriteLine($"     {label}: {probability:P1}");
    }
}
