using Microsoft.Extensions.AI;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Receipts;

namespace SkPeft.Connectors.Tests;

public sealed class RequestLabelTests(TinyHost host) : IClassFixture<TinyHost>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetResponse_LabelsOfTheRequest_GoBeforeTheSkills()
    {
        ChatOptions options = TinyHost.Options("skill", "mood");
        options.AdditionalProperties!["labels"] = new Dictionary<string, string[]> { ["yes"] = ["b"], ["no"] = ["a", "c"] };
        ChatResponse response = await host.Client.GetResponseAsync("hello", options, Token);
        TinyHost.ReceiptOf(response.AdditionalProperties).Probabilities!.Keys.ShouldBe(["yes", "no"], ignoreOrder: true);

        ChatOptions talks = TinyHost.Options("skill", "echo");
        talks.AdditionalProperties!["labels"] = new[] { "a", "b", "c" };
        Receipt receipt = TinyHost.ReceiptOf((await host.Client.GetResponseAsync("hello", talks, Token)).AdditionalProperties);
        receipt.Probabilities!.Keys.ShouldBe(["a", "b", "c"], ignoreOrder: true);
        receipt.Probabilities.Values.Sum().ShouldBe(1, 1e-9);
    }

    [Fact]
    public async Task GetResponse_LabelsThatLeaveNothingToDecide_AreRefused()
    {
        object[] wrong = [Array.Empty<string>(), new[] { "one" }, new[] { "a", "a" }, new Dictionary<string, string[]> { ["x"] = ["a"], ["y"] = ["a"] }, new Dictionary<string, string[]> { ["x"] = [], ["y"] = ["a"] }, 3];
        foreach (object labels in wrong)
        {
            ChatOptions options = TinyHost.Options("skill", "echo");
            options.AdditionalProperties!["labels"] = labels;
            (await Should.ThrowAsync<InvalidOptionException>(() => host.Client.GetResponseAsync("hello", options, Token))).Option.ShouldBe("labels");
        }
    }

    [Fact]
    public async Task CreateClient_ForAModule_AsksItWithTheSkillsPrompt()
    {
        ChatResponse module = await host.Runtime.CreateClient(new ClientBinding("echo", "red@1")).GetResponseAsync("hello", TinyHost.Options("tenant", "x"), Token);
        ChatResponse named = await host.Client.GetResponseAsync("hello", new ChatOptions { ModelId = "red@1", MaxOutputTokens = 8, AdditionalProperties = new() { ["skill"] = "echo" } }, Token);

        module.Text.ShouldBe(named.Text);
        Receipt receipt = TinyHost.ReceiptOf(module.AdditionalProperties);
        (receipt.Reference, receipt.Route).ShouldBe(("red@1", "the client was made for adapter 'red@1', with the prompt of skill 'echo'."));
        ChatResponse other = await host.Runtime.CreateClient(new ClientBinding("echo", "red@1")).GetResponseAsync("hello", TinyHost.Options("adapter", "blue"), Token);
        TinyHost.ReceiptOf(other.AdditionalProperties).Reference.ShouldBe("blue@1");
    }

    [Fact]
    public void Bindings_SkillsThenModules_EachKeyOnce()
    {
        (string, string?, string?)[] bindings = [.. ClientBinding.Of(
        [
            new() { Name = "mood", Adapter = "mood" }, new() { Name = "echo", Adapter = "red@1" }, new() { Name = "one", Adapter = "blue" }, new() { Name = "two", Adapter = "blue" }, new() { Name = "plain", Adapter = "base" },
        ]).Select(b => (b.Key, b.Binding.Skill, b.Binding.Adapter))];

        bindings.ShouldBe([("mood", "mood", null), ("echo", "echo", null), ("one", "one", null), ("two", "two", null), ("plain", "plain", null), ("red@1", "echo", "red@1"), ("blue", null, "blue")]);
    }
}
