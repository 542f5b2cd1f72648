using Microsoft.Extensions.AI;
using SkPeft.Adapters.Store;
using SkPeft.Connectors.Bundles;
using SkPeft.Connectors.Hosting;
using SkPeft.Testing;

namespace SkPeft.Connectors.Tests;

public sealed class ModelBundleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unpacked_AnswersThroughEverySkill_AndTakesItsStoreAway()
    {
        TinyBundle.Write(_folder.Root);
        UnpackedBundle unpacked = ModelBundle.Open(_folder.Root).Unpack();
        using (PeftRuntime runtime = PeftRuntime.Open(unpacked.Bundle.SettingsFor(unpacked.Store) with { WatchPlugins = false, Threads = 1 }, _folder.Root))
        {
            ChatResponse told = await runtime.CreateClient("tell").GetResponseAsync("a fox", cancellationToken: Token);
            ChatResponse mood = await runtime.CreateClient().GetResponseAsync("rain", cancellationToken: Token);

            TinyHost.ReceiptOf(told.AdditionalProperties).Reference.ShouldBe("tell@1");
            told.Usage!.OutputTokenCount!.Value.ShouldBeInRange(1, 3);
            TinyHost.ReceiptOf(mood.AdditionalProperties).Probabilities!.Keys.ShouldBe(["b", "xy"], ignoreOrder: true);
        }

        unpacked.Dispose();
        Directory.Exists(unpacked.Store).ShouldBeFalse();
    }

    [Fact]
    public async Task MaxOutputTokens_OfTheRequest_GoesBeforeTheSkills_WhichGoesBeforeTheClients()
    {
        TinyBundle.Write(_folder.Root);
        using UnpackedBundle unpacked = ModelBundle.Open(_folder.Root).Unpack();
        using PeftRuntime runtime = PeftRuntime.Open(
            unpacked.Bundle.SettingsFor(unpacked.Store) with { WatchPlugins = false, Threads = 1, MaxOutputTokens = 7, AllowBase = true }, _folder.Root);
        IChatClient client = runtime.CreateClient();

        (await TokensAsync(new ChatOptions { MaxOutputTokens = 2, AdditionalProperties = new() { ["skill"] = "tell" } })).ShouldBe(2);
        (await TokensAsync(new ChatOptions { AdditionalProperties = new() { ["skill"] = "tell" } })).ShouldBe(3);
        (await TokensAsync(new ChatOptions { AdditionalProperties = new() { ["adapter"] = "tell" } })).ShouldBe(7);

        async Task<long> TokensAsync(ChatOptions options) => (await client.GetResponseAsync("a fox", options, Token)).Usage!.OutputTokenCount!.Value;
    }

    [Fact]
    public void AddTo_AStoreThatServesAnotherVersion_LeavesItInProduction()
    {
        TinyBundle.Write(_folder.Root);
        ModelBundle bundle = ModelBundle.Open(_folder.Root);
        AdapterStore store = AdapterStore.Open(_folder.PathOf("store"));
        TinyLlama.WriteLora(_folder.PathOf("own"), seed: 9);
        store.Add("mood", _folder.PathOf("own"), cancellationToken: Token);
        store.Promote("mood@1", ModelBundle.Alias);

        bundle.AddTo(store).Select(v => v.Reference).ShouldBe(["tell@1", "mood@2"]);
        bundle.AddTo(store).Select(v => v.Reference).ShouldBe(["tell@1", "mood@2"]);

        store.Resolve("mood@prod").Number.ShouldBe(1);
        store.Resolve("tell@prod").Number.ShouldBe(1);
    }

    [Fact]
    public void Open_WhatIsMissing_IsNamedWithTheNextStep()
    {
        FileAccessException none = Should.Throw<FileAccessException>(() => ModelBundle.Open(_folder.PathOf("none")));
        none.Path.ShouldBe(Path.Combine(_folder.PathOf("none"), "skills.json"));

        TinyBundle.Write(_folder.Root);
        Directory.Delete(_folder.PathOf(Path.Combine("skills", "mood")), recursive: true);
        Should.Throw<FileAccessException>(() => ModelBundle.Open(_folder.Root)).Message.ShouldContain("skill 'mood'");
        Directory.Delete(_folder.PathOf("model"), recursive: true);
        Should.Throw<FileAccessException>(() => ModelBundle.Open(_folder.Root)).Path.ShouldBe(_folder.PathOf("model"));
    }

    [Theory]
    [InlineData("{}", "Model: nothing is given", "Skills: nothing is given")]
    [InlineData("""{ "Model": "m", "Colour": 1, "Skills": [ { "Name": "a", "Prompt": "{input}", "Question": "x" } ] }""", "Colour: ", "Skills:0:Question: ", "Skills:0:Adapter: ")]
    public void Open_WhatIsWrong_IsToldByFileAndKey(string content, params string[] keys)
    {
        string file = _folder.Write("skills.json", content);

        ConfigurationException error = Should.Throw<ConfigurationException>(() => ModelBundle.Open(_folder.Root));

        foreach (string key in keys)
        {
            error.Problems.ShouldContain(p => p.StartsWith($"{file}: {key}", StringComparison.Ordinal), string.Join("\n", error.Problems));
        }
    }

    [Theory]
    [InlineData("{ \"Model\": \"m\",\n oops }", "line 2")]
    [InlineData("[1]", "skills.json")]
    public void Open_NoJsonObject_IsRefusedByFile(string content, string words)
    {
        _folder.Write("skills.json", content);

        Should.Throw<SkPeftException>(() => ModelBundle.Open(_folder.Root)).Message.ShouldContain(words);
    }
}
