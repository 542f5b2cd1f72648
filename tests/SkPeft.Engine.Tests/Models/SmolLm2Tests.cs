using System.Numerics.Tensors;
using System.Text.Json;
using SkPeft.Engine.Generation;
using SkPeft.Engine.Sampling;
using SkPeft.Tensors.Formats;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;

namespace SkPeft.Engine.Tests.Models;

/// <summary>The real model against golden/smollm2 (the reference dequantises every weight and runs in fp32).</summary>
public sealed class SmolLm2Tests(SmolLm2Fixture smol) : IClassFixture<SmolLm2Fixture>
{
    [Fact]
    public async Task Exact_LastLogits_AreTheReferences()
    {
        using SafetensorsFile expected = SafetensorsFile.Open(SharedFolder.PathOf("golden", "smollm2", "logits.safetensors"));
        foreach ((int index, SmolLm2Case given) in smol.Cases.Index())
        {
            float[] reference = expected.Tensors[$"{index}.last_logits"].ToArray();
            float[] logits = await smol.LastLogitsAsync(given.Ids, Precision.Exact);
            reference.Zip(logits, (a, b) => MathF.Abs(a - b)).Max().ShouldBeLessThan(2e-3f, $"case {index}");
        }
    }

    // Prompt and reference text in one pass: greedy decoding gives this text exactly if every next token is the reference's.
    [Fact]
    public async Task Exact_GreedyText_IsTheReferencesUpToTheFirstNarrowMargin()
    {
        foreach (SmolLm2Case given in smol.Cases)
        {
            int certain = given.Margins.TakeWhile(m => m >= 1e-2f).Count();
            int from = given.Ids.Length - 1;
            List<int> best = [];
            await smol.Model.Engine.VisitLogitsAsync([.. given.Ids, .. given.GreedyIds.Take(certain).SkipLast(1)], null, from, (_, logits) => best.Add(TensorPrimitives.IndexOfMax(logits)),
                precision: Precision.Exact, cancellationToken: TestContext.Current.CancellationToken);
            best.Take(certain).ShouldBe(given.GreedyIds.Take(certain));
        }
    }

    // The same step by step, through the cache, where the reference is certain for longest.
    [Fact]
    public async Task Exact_GreedyDecoding_GivesTheReferencesText()
    {
        SmolLm2Case given = smol.Cases.MaxBy(c => c.Margins.TakeWhile(m => m >= 1e-2f).Count())!;
        int certain = given.Margins.TakeWhile(m => m >= 1e-2f).Count();
        (await smol.GreedyAsync(given.Ids, certain, Precision.Exact)).ShouldBe(given.GreedyIds.Take(certain));
    }

    [Theory]
    [InlineData(Precision.Fast, 1e-6)]
    [InlineData(Precision.Int8, 1.5e-3)]
    public async Task Distribution_WithRoundedActivations_IsCloseToTheReferences(Precision precision, double tolerance)
    {
        using SafetensorsFile expected = SafetensorsFile.Open(SharedFolder.PathOf("golden", "smollm2", "logits.safetensors"));
        double sum = 0;
        foreach ((int index, SmolLm2Case given) in smol.Cases.Index())
        {
            sum += Divergence(expected.Tensors[$"{index}.last_logits"].ToArray(), await smol.LastLogitsAsync(given.Ids, precision));
        }

        (sum / smol.Cases.Count).ShouldBeLessThan(tolerance);
    }

    [Theory]
    [InlineData(Precision.Int8, 0.01)]
    [InlineData(Precision.Fast, 1e-3)]
    [InlineData(Precision.Exact, 1e-4)]
    public async Task Perplexity_OfTheGivenText_IsTheReferences(Precision precision, double tolerance)
    {
        using JsonDocument golden = smol.Golden();
        JsonElement given = golden.RootElement.GetProperty("perplexity");
        int[] ids = given.GetProperty("ids").Deserialize<int[]>()!;
        double[] scores = await smol.Model.Engine.ScoreAsync([ids[0]], ids[1..], null, precision, TestContext.Current.CancellationToken);
        double perplexity = Math.Exp(-scores.Average());
        (perplexity / given.GetProperty("perplexity").GetDouble()).ShouldBe(1, tolerance);
    }

    [Fact]
    public async Task Text_IsDecodedWithoutTheEndToken()
    {
        SmolLm2Case given = smol.Cases.First(c => c.GreedyIds.Length < 48);
        string text = "";
        FinishReason? finish = null;
        GenerationRequest request = new() { Prompt = given.Ids, MaxTokens = 48, Precision = Precision.Exact };
        await foreach (GenerationUpdate update in smol.Model.Engine.GenerateAsync(request, TestContext.Current.CancellationToken))
        {
            text += update.Text;
            finish = update.Finish;
        }

        text.ShouldBe(given.GreedyText);
        finish.ShouldBe(FinishReason.Stop);
    }

    // KL(reference ‖ found) of the next-token distributions, in nats.
    private static double Divergence(float[] reference, float[] found)
    {
        double a = LogProbabilities.Normaliser(reference);
        double b = LogProbabilities.Normaliser(found);
        double sum = 0;
        for (int i = 0; i < reference.Length; i++)
        {
            sum += Math.Exp(reference[i] - a) * (reference[i] - a - (found[i] - b));
        }

        return sum;
    }
}
