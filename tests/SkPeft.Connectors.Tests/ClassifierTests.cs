using Microsoft.Extensions.AI;
using SkPeft.Connectors.Receipts;
using SkPeft.Testing;

namespace SkPeft.Connectors.Tests;

/// <summary>Adapters with a classification head answer with their most probable class, as skills with labels do.</summary>
public sealed class ClassifierTests(TinyHost host) : IClassFixture<TinyHost>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("topic", "0", "1", "2")]
    [InlineData("topic-named", "x", "y", "z")]
    public async Task GetResponse_AnAdapterThatClassifies_AnswersTheMostProbableClass(string skill, params string[] names)
    {
        ChatResponse response = await host.Client.GetResponseAsync("hello", TinyHost.Options("skill", skill), Token);

        double[] expected = Probabilities([.. host.Runtime.Model.Tokenizer!.Encode("Text: hello\nTopic:")]);
        Receipt receipt = TinyHost.ReceiptOf(response.AdditionalProperties);
        names.Select(n => receipt.Probabilities![n]).Zip(expected).ShouldAllBe(p => Math.Abs(p.First - p.Second) < 1e-4);
        response.Text.ShouldBe(names[Array.IndexOf(expected, expected.Max())]);
        response.FinishReason.ShouldBe(ChatFinishReason.Stop);
        receipt.Reference.ShouldBe("topic@1");
    }

    [Fact]
    public async Task GetResponse_LabelsOfASkillThatAreNotTheClasses_AreRefusedByTheirKey()
    {
        InvalidOptionException error = await Should.ThrowAsync<InvalidOptionException>(
            () => host.Client.GetResponseAsync("hello", TinyHost.Options("skill", "topic-misnamed"), Token));
        error.Option.ShouldBe("SkPeft:Skills:6:Labels");
        error.Message.ShouldContain("3 names");
    }

    [Fact]
    public async Task GetResponse_OptionsOfGeneratedText_AreRefused()
    {
        ChatOptions options = TinyHost.Options("skill", "topic");
        options.Temperature = 0.7f;
        (await Should.ThrowAsync<InvalidOptionException>(() => host.Client.GetResponseAsync("hello", options, Token))).Option.ShouldBe("Temperature");
    }

    private double[] Probabilities(int[] prompt)
    {
        AdapterPackage package = AdapterFolder.Open(host.LoraFolder("topic", 4));
        using IPeftMethodLease lease = host.Runtime.Plugins.Acquire("LORA");
        IReadOnlyList<Effect> effects = Tensors.Classification.ClassifierMethod.Around(lease.Method).Load(package, host.Reference.Shape).BuildEffects(host.Reference);
        double[] powers = [.. host.Reference.Scores(prompt, prompt.Length, effects).Data.ToArray().Select(s => Math.Exp(s))];
        return [.. powers.Select(p => p / powers.Sum())];
    }
}
