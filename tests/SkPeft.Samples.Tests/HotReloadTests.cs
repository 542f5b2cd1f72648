using SkPeft.Adapters.Store;
using SkPeft.Testing;

namespace SkPeft.Samples.Tests;

public sealed class HotReloadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sample_AdapterAndPluginAreReplaced_WhileRequestsRun()
    {
        TinyLlama.Write(_folder.PathOf("model"));
        AdapterStore store = AdapterStore.Open(_folder.PathOf("store"));
        foreach (int seed in new[] { 1, 2 })
        {
            TinyLlama.WriteLora(_folder.PathOf($"{seed}"), seed);
            store.Add("mine", _folder.PathOf($"{seed}"), cancellationToken: TestContext.Current.CancellationToken);
        }

        (int exit, string output, string error) = await SampleProgram.RunAsync(
            "HotReload", ["--Model", _folder.PathOf("model"), "--Store", _folder.PathOf("store"), "--Adapter", "mine"]);

        error.ShouldBeEmpty();
        exit.ShouldBe(0);
        string[] serving = [.. output.Split('\n').Where(l => l.StartsWith("serving:", StringComparison.Ordinal))];
        serving.Length.ShouldBe(3);
        serving[0].ShouldContain("mine@1, SkPeft.Peft.Lora generation 1");
        serving[1].ShouldContain("mine@2, SkPeft.Peft.Lora generation 1");
        serving[2].ShouldContain("mine@2, SkPeft.Peft.Lora generation 2");
        output.ShouldContain("none failed");
        store.Resolve("mine@live").Number.ShouldBe(2);
    }

    [Fact]
    public async Task Sample_OnTheShippedModel_GoesFromOneMethodToAnother()
    {
        ShippedModel.Require();

        (int exit, string output, string error) = await SampleProgram.RunAsync("HotReload", []);

        error.ShouldBeEmpty();
        exit.ShouldBe(0);
        output.ShouldContain("serving:  mine@1");
        output.ShouldContain("serving:  mine@2, SkPeft.Peft.Iapt generation 2");
        output.ShouldContain("none failed");
    }

    [Fact]
    public async Task Sample_AModelWithoutAStore_SaysWhatToDo()
    {
        (int exit, _, string error) = await SampleProgram.RunAsync("HotReload", ["--Model", "m"]);

        exit.ShouldBe(1);
        error.ShouldContain("--Model MODEL --Store FOLDER --Adapter NAME");
    }
}
