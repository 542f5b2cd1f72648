using System.Globalization;
using System.Text.Json;
using SkPeft.Engine;
using SkPeft.Engine.Tokenization;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Golden;

/// <summary>
/// The adapters that were trained on the real model, against the recorded evaluation. The first examples of each; all of them where
/// SKPEFT_REAL_EXAMPLES says how many (200 is all, and takes a quarter of an hour).
/// </summary>
public sealed class RealAdapterTests(RealModelFixture fixture) : IClassFixture<RealModelFixture>
{
    private const double Tolerance = 2e-2;

    private static readonly Dictionary<string, (string Before, string Field, string After)> s_formats = new(StringComparer.Ordinal)
    {
        ["sst2"] = ("Review: ", "text", "\nSentiment:"),
        ["agnews"] = ("News: ", "text", "\nTopic:"),
        ["e2e"] = ("", "meaning", "\nDescription:"),
    };

    public static TheoryData<string> Adapters => [.. SharedFolder.FoldersIn("golden", "smollm2-adapters").DefaultIfEmpty("")];

    [Theory]
    [MemberData(nameof(Adapters))]
    public async Task Scores_OfATrainedAdapter_EqualTheRecordedOnes(string name)
    {
        string folder = SharedFolder.PathOf("golden", "smollm2-adapters", name);
        string config = Path.Combine(folder, "adapter", "adapter_config.json");
        string weights = Path.Combine(folder, "adapter", "adapter_model.safetensors");
        if (PluginMethods.Find(AdapterFolder.Open(Path.Combine(folder, "adapter")).PeftType) is null)
        {
            Assert.Skip("No plugin reads this type yet.");
        }

        LanguageModel model = fixture.Model;
        using ILoadedAdapter adapter = await model.CreateAdapterLoader(new ReferencedMethods())
            .LoadAsync(new AdapterFiles(name, "", config, weights, null), TestContext.Current.CancellationToken);
        using JsonDocument run = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "run.json")));
        JsonElement[] recorded = [.. run.RootElement.GetProperty("eval").EnumerateArray().Take(Examples())];
        string task = name.Split('-')[0];
        string[] lines = [.. File.ReadLines(SharedFolder.PathOf("data", task, "test.jsonl")).Take(recorded.Length)];
        for (int i = 0; i < recorded.Length; i++)
        {
            using JsonDocument example = JsonDocument.Parse(lines[i]);
            if (task == "e2e")
            {
                await CompareReferenceAsync(model, adapter, example.RootElement, recorded[i], i);
            }
            else
            {
                await CompareLabelsAsync(model, adapter, s_formats[task], example.RootElement, recorded[i], i);
            }
        }
    }

    private static async Task CompareLabelsAsync(
        LanguageModel model, ILoadedAdapter adapter, (string Before, string Field, string After) format, JsonElement example, JsonElement recorded, int index)
    {
        Dictionary<string, double> found = [];
        foreach (JsonProperty label in recorded.GetProperty("scores").EnumerateObject())
        {
            found[label.Name] = (await ScoreAsync(model, adapter, Prompt(format, example), " " + label.Name)).Sum();
            found[label.Name].ShouldBe(label.Value.GetDouble(), Tolerance, $"example {index}, {label.Name}");
        }

        double[] best = [.. found.Values.OrderDescending()];
        if (best[0] - best[1] > 2 * Tolerance)
        {
            found.MaxBy(s => s.Value).Key.ShouldBe(recorded.GetProperty("scores").EnumerateObject().MaxBy(s => s.Value.GetDouble()).Name);
        }
    }

    private static async Task CompareReferenceAsync(LanguageModel model, ILoadedAdapter adapter, JsonElement example, JsonElement recorded, int index)
    {
        double[] scores = await ScoreAsync(
            model, adapter, Prompt(s_formats["e2e"], example), $" {example.GetProperty("references")[0].GetString()!.Trim()}<|im_end|>");
        scores.Length.ShouldBe(recorded.GetProperty("tokens").GetInt32());
        (-scores.Sum()).ShouldBe(recorded.GetProperty("nll").GetDouble(), Tolerance, $"example {index}");
    }

    private static async ValueTask<double[]> ScoreAsync(LanguageModel model, ILoadedAdapter adapter, string prompt, string answer) =>
        await model.Engine.ScoreAsync(
            model.Tokenizer!.Encode(prompt), model.Tokenizer.Encode(answer, SpecialTokens.Match), adapter, cancellationToken: TestContext.Current.CancellationToken);

    private static string Prompt((string Before, string Field, string After) format, JsonElement example) =>
        format.Before + example.GetProperty(format.Field).GetString()!.Trim() + format.After;

    private static int Examples() =>
        int.TryParse(Environment.GetEnvironmentVariable("SKPEFT_REAL_EXAMPLES"), CultureInfo.InvariantCulture, out int count) ? count : 3;
}
