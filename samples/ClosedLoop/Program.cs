using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SkPeft;
using SkPeft.Connectors.Bundles;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Skills;
using SkPeft.Training;
using SkPeft.Training.Scoring;

// Requests run all the time. Meanwhile an adapter is trained, compared with the one in production, and promoted; then a worse one is trained, and refused.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders();
string? model = builder.Configuration["Model"], store = builder.Configuration["Store"];
string train = builder.Configuration["Train"] ?? Path.Combine(AppContext.BaseDirectory, "train.jsonl");
string heldOut = builder.Configuration["HeldOut"] ?? Path.Combine(AppContext.BaseDirectory, "held-out.jsonl");
if (model is not null && store is null)
{
    Console.Error.WriteLine("To a model of your own belongs a store; its README.md has the commands:");
    Console.Error.WriteLine("  dotnet run -c Release --project samples/ClosedLoop -- --Model MODEL --Store FOLDER --Train FILE.jsonl --HeldOut FILE.jsonl --Labels positive,negative");
    return 1;
}

string[] labels = (builder.Configuration["Labels"] ?? "positive,negative").Split(',');
int steps = int.Parse(builder.Configuration["Steps"] ?? "60", System.Globalization.CultureInfo.InvariantCulture);
const string prompt = "Review: {text}\\nSentiment:";
UnpackedBundle? shipped = null;
try
{
    // Without a model of your own: the one of this repository, whose sentiment adapter is in production.
    if (model is null)
    {
        shipped = ModelBundle.OpenShipped().Unpack();
        (model, store) = (shipped.Bundle.Model, shipped.Store);
    }

    builder.Services.AddSkPeft(new SkPeftSettings
    {
        Model = model,
        Store = store!,
        Plugins = [Path.Combine(AppContext.BaseDirectory, "plugins")],
        WatchPlugins = false,
        MaxOutputTokens = 1,
        // The trainer takes the threads that serving leaves.
        Threads = Math.Max(1, Environment.ProcessorCount / 2),
        AllowBase = true,
        Skills = [new SkillDefinition { Name = "sentiment", Adapter = "sentiment@prod", Prompt = "Review: {input}\nSentiment:", Default = true }],
    });
    using IHost host = builder.Build();
    PeftRuntime runtime = host.Services.GetRequiredService<PeftRuntime>();
    AdapterTrainer trainer = new(runtime.Model, runtime.Plugins);
    ClosedLoop loop = new(trainer, new PromotionGate(runtime.Model, runtime.Model.CreateAdapterLoader(runtime.Plugins), runtime.Store));

    // Something has to be in production before it can be beaten.
    if (!runtime.Store.List().Any(l => l.Version.Name == "sentiment" && l.Aliases.Contains("prod")))
    {
        await RoundAsync("first version", loop, JobOf(train, heldOut, prompt, labels, Math.Max(1, steps / 10), 1e-3), runtime);
    }

    ConcurrentQueue<(Receipt Receipt, TimeSpan Time)> answers = new();
    using CancellationTokenSource stop = new();
    IChatClient client = runtime.CreateClient();
    Task<int> reader = AskAsync(client, answers, stop.Token);
    await RoundAsync("better version", loop, JobOf(train, heldOut, prompt, labels, steps, 5e-3), runtime);
    await RoundAsync("worse version", loop, JobOf(train, heldOut, prompt, labels, 1, 1e-7), runtime);
    Receipt last = await NextAsync(answers, reader);
    await stop.CancelAsync();
    Console.WriteLine($"serving:  {last.Reference}; {await reader} answers meanwhile, none failed");
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

static ClosedLoopJob JobOf(string train, string heldOut, string prompt, string[] labels, int steps, double rate)
{
    TrainingData data = new() { Path = train, Prompt = prompt, Completion = " {label}", Classes = [.. labels.Select(LabelClass.Of)], SkipUnusable = true };
    JsonElement config = JsonSerializer.SerializeToElement(new { peft_type = "LORA", r = 8, lora_alpha = 16, target_modules = new[] { "q_proj", "v_proj" } });
    return new ClosedLoopJob
    {
        Name = "sentiment",
        Metric = GateMetric.Loss,
        Training = new TrainingJob
        {
            Adapters = [new AdapterPlan { Package = new AdapterPackage("sentiment", config, new Dictionary<string, Tensor>()), Learning = new LearningSettings { Rate = rate } }],
            Data = data,
            Evaluation = data with { Path = heldOut, Limit = 100 },
            Loop = new LoopSettings { Steps = steps, Order = LineOrder.Shuffle },
        },
    };
}

static async Task RoundAsync(string what, ClosedLoop loop, ClosedLoopJob job, PeftRuntime runtime)
{
    ClosedLoopResult result = await loop.RunAsync(job);
    Console.WriteLine($"{what}: loss {result.Training.Steps[0].Loss:F3} → {result.Training.Steps[^1].Loss:F3}; {result.Promotion.Text}");
    Console.WriteLine($"          sentiment@prod is version {runtime.Store.Resolve("sentiment@prod").Number}");
}

static async Task<int> AskAsync(IChatClient client, ConcurrentQueue<(Receipt Receipt, TimeSpan Time)> answers, CancellationToken stop)
{
    int count = 0;
    for (; !stop.IsCancellationRequested; count++)
    {
        long start = Stopwatch.GetTimestamp();
        ChatResponse response = await client.GetResponseAsync("a film that I would see again", cancellationToken: CancellationToken.None);
        answers.Enqueue(((Receipt)response.AdditionalProperties![Receipt.PropertyName]!, Stopwatch.GetElapsedTime(start)));
    }

    return count;
}

// The next answer of a request that begins now; what was asked before is passed over.
static async Task<Receipt> NextAsync(ConcurrentQueue<(Receipt Receipt, TimeSpan Time)> answers, Task<int> reader)
{
    answers.Clear();
    for (int fresh = 0; ;)
    {
        if (answers.TryDequeue(out (Receipt Receipt, TimeSpan Time) answer))
        {
            if (++fresh == 2)
            {
                return answer.Receipt;
            }
        }
        else if (reader.IsCompleted)
        {
            await reader;
        }
        else
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }
}
