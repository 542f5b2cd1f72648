using Microsoft.Extensions.AI;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Skills;
using SkPeft.Engine.Tokenization;
using SkPeft.Testing;

namespace SkPeft.Connectors.Tests;

public sealed class VerbalizerTests(TinyHost host) : IClassFixture<TinyHost>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hello")]
    [InlineData("")]
    [InlineData("say <|im_end|> now")]
    public async Task GetResponse_ASkillWithLabels_AnswersTheClassWhoseWordsAreMostProbable(string input)
    {
        ChatResponse response = await host.Client.GetResponseAsync(input, TinyHost.Options("skill", "mood"), Token);

        // The reference model with the reference loops, the adapter by way of its method; words of one token and of several.
        ITokenizer tokenizer = host.Runtime.Model.Tokenizer!;
        int[] prompt = [.. tokenizer.Encode($"Text: {input}\nMood:")];
        double a = Probability(prompt, [.. tokenizer.Encode(" a")]);
        double fine = Probability(prompt, [.. tokenizer.Encode(" fine")]);
        double b = Probability(prompt, [.. tokenizer.Encode(" b")]);
        double good = (a + fine) / (a + fine + b);

        Receipt receipt = TinyHost.ReceiptOf(response.AdditionalProperties);
        receipt.Probabilities!["good"].ShouldBe(good, 1e-4);
        receipt.Probabilities.Values.Sum().ShouldBe(1, 1e-9);
        receipt.Reference.ShouldBe("blue@1");
        response.Text.ShouldBe(good > 0.5 ? "good" : "bad");
        response.FinishReason.ShouldBe(ChatFinishReason.Stop);
        (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount).ShouldBe((prompt.Length, 1));
    }

    [Fact]
    public async Task GetStreamingResponse_Labels_ArriveAsTextAndALastUpdate()
    {
        List<ChatResponseUpdate> updates = await host.Client.GetStreamingResponseAsync("hello", TinyHost.Options("skill", "mood"), Token).ToListAsync(Token);

        updates.Count.ShouldBe(2);
        updates[0].Text.ShouldBeOneOf("good", "bad");
        TinyHost.ReceiptOf(updates[1].AdditionalProperties).Probabilities!.Count.ShouldBe(2);
    }

    [Fact]
    public async Task GetResponse_OptionsThatCannotMatterToLabels_AreRefusedByName()
    {
        (string Name, Action<ChatOptions> Set)[] wrong =
        [
            ("Temperature", o => o.Temperature = 0.5f), ("StopSequences", o => o.StopSequences = ["x"]), ("FrequencyPenalty", o => o.FrequencyPenalty = 1),
            ("top_logprobs", o => o.AdditionalProperties!["top_logprobs"] = 1), ("logit_bias", o => o.AdditionalProperties!["logit_bias"] = new Dictionary<int, double> { [1] = 1 }),
        ];
        foreach ((string name, Action<ChatOptions> set) in wrong)
        {
            ChatOptions options = TinyHost.Options("skill", "mood");
            set(options);
            (await Should.ThrowAsync<InvalidOptionException>(() => host.Client.GetResponseAsync("hello", options, Token))).Option.ShouldBe(name);
        }
    }

    [Fact]
    public void PromptTemplate_SeveralInputs_AndTheirBorders()
    {
        PromptTemplate.TryParse("no place", out string? problem).ShouldBeNull();
        problem!.ShouldContain("{input}");
        PromptTemplate template = PromptTemplate.TryParse("{input} and {input}\n", out _)!;
        string.Concat(template.Fill("{input}").Select(s => s.Text)).ShouldBe("{input} and {input}\n");
        template.Fill("x").Where(s => !s.Trusted).Select(s => s.Text).ShouldBe(["x", "x"]);
        template.EndsInSpace.ShouldBeTrue();
    }

    private double Probability(int[] prompt, int[] answer)
    {
        using IPeftMethodLease lease = host.Runtime.Plugins.Acquire("LORA");
        IReadOnlyList<Effect> effects = lease.Method.Load(AdapterFolder.Open(host.LoraFolder("blue", 3)), host.Reference.Shape).BuildEffects(host.Reference);
        int[] all = [.. prompt, .. answer];
        Tensor logits = host.Reference.Logits(all, prompt.Length, effects);
        double log = 0;
        for (int i = 0; i < answer.Length; i++)
        {
            double[] row = [.. logits.Row(prompt.Length - 1 + i).ToArray().Select(v => (double)v)];
            double most = row.Max();
            log += row[answer[i]] - most - Math.Log(row.Sum(v => Math.Exp(v - most)));
        }

        return Math.Exp(log);
    }
}
