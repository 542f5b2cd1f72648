using Microsoft.Extensions.AI;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Receipts;
using SkPeft.Testing;

namespace SkPeft.Connectors.Tests;

/// <summary>A tiny model, a store with two LoRAs, and a runtime over them.</summary>
public sealed class TinyHost : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TinyHost()
    {
        Reference = TinyLlama.Write(ModelFolder);
        SkPeftSettings settings = new()
        {
            Model = ModelFolder,
            Store = StoreFolder,
            WatchPlugins = false,
            AllowBase = true,
            Threads = 1,
            Precision = Tensors.Kernels.Precision.Exact,
            Skills =
            [
                new() { Name = "echo", Adapter = "red", Prompt = "<|im_start|>Say: {input}\nAnswer:", Functions = ["Echo"] },
                new() { Name = "mood", Adapter = "blue", Prompt = "Text: {input}\nMood:", Labels = [new("good", ["a", "fine"]), new("bad", ["b"])] },
                new() { Name = "plain", Adapter = "base", Prompt = "{input}" },
                new() { Name = "talk", Adapter = "red" },
                new() { Name = "topic", Adapter = "topic", Prompt = "Text: {input}\nTopic:" },
                new() { Name = "topic-named", Adapter = "topic", Prompt = "Text: {input}\nTopic:", Labels = [new("x", ["x"]), new("y", ["y"]), new("z", ["z"])] },
                new() { Name = "topic-misnamed", Adapter = "topic", Prompt = "{input}", Labels = [new("x", ["x"]), new("y", ["y"])], Key = "SkPeft:Skills:6" },
            ],
        };
        Runtime = PeftRuntime.Open(settings, _folder.Root);
        foreach ((string name, int seed) in new[] { ("red", 1), ("red", 2), ("blue", 3) })
        {
            string folder = _folder.PathOf($"{name}-{seed}");
            TinyLlama.WriteLora(folder, seed);
            Runtime.Store.Add(name, folder);
        }

        TinyLlama.WriteClassifier(LoraFolder("topic", 4), seed: 4, classes: 3);
        Runtime.Store.Add("topic", LoraFolder("topic", 4));
        Client = Runtime.CreateClient();
    }

    public string ModelFolder => _folder.PathOf("model");

    public string StoreFolder => _folder.PathOf("store");

    public ReferenceLlama Reference { get; }

    public PeftRuntime Runtime { get; }

    public IChatClient Client { get; }

    public string LoraFolder(string name, int seed) => _folder.PathOf($"{name}-{seed}");

    public static ChatOptions Options(string key, string value, int most = 8) =>
        new() { MaxOutputTokens = most, AdditionalProperties = new() { [key] = value } };

    public static Receipt ReceiptOf(AdditionalPropertiesDictionary? properties) => properties![Receipt.PropertyName].ShouldBeOfType<Receipt>();

    public void Dispose()
    {
        Runtime.Dispose();
        _folder.Dispose();
    }
}
