using System.Text;
using System.Text.Json;
using SkPeft;
using SkPeft.Engine;
using SkPeft.Engine.Generation;
using SkPeft.Engine.Sampling;
using SkPeft.Plugins;
using SkPeft.Tensors.Kernels;

namespace ShippedModel;

/// <summary>How many of the given values stand in the sentences that a model writes for records.</summary>
internal static class SlotCheck
{
    private static readonly string[] s_fields = ["name", "near", "food", "area", "eatType"];

    public static async Task<int> RunAsync(string path, string adapterFolder, string data)
    {
        // Exact: what rounding of activations does to a score changes with the kernels.
        using LanguageModel model = LanguageModel.Open(path, new LanguageModelOptions { Precision = Precision.Exact });
        using PluginCatalog plugins = PluginCatalog.Open(new PluginOptions { Folders = [Path.Combine(AppContext.BaseDirectory, "plugins")] });
        using ILoadedAdapter? adapter = adapterFolder == "-" ? null : await model.CreateAdapterLoader(plugins).LoadAsync(new AdapterFiles(
            adapterFolder, "", Path.Combine(adapterFolder, "adapter_config.json"), Path.Combine(adapterFolder, "adapter_model.safetensors"), null));
        Dictionary<string, (int Found, int Given)> counts = s_fields.ToDictionary(f => f, _ => (0, 0));
        HashSet<string> seen = [];
        foreach (JsonElement line in File.ReadLines(data).Select(l => JsonSerializer.Deserialize<JsonElement>(l)))
        {
            string meaning = line.GetProperty("meaning").GetString()!;
            if (!seen.Add(meaning))
            {
                continue;
            }

            string sentence = await WriteAsync(model, adapter, meaning);
            foreach ((string field, string value) in Records.Fields(meaning).Where(f => counts.ContainsKey(f.Field)))
            {
                (int found, int given) = counts[field];
                counts[field] = (found + (sentence.Contains(value, StringComparison.OrdinalIgnoreCase) ? 1 : 0), given + 1);
            }
        }

        Console.WriteLine(JsonSerializer.Serialize(new
        {
            records = seen.Count,
            share = (double)counts.Values.Sum(c => c.Found) / counts.Values.Sum(c => c.Given),
            fields = counts.ToDictionary(c => c.Key, c => (double)c.Value.Found / Math.Max(1, c.Value.Given)),
        }));
        return 0;
    }

    private static async Task<string> WriteAsync(LanguageModel model, ILoadedAdapter? adapter, string meaning)
    {
        StringBuilder text = new();
        await foreach (GenerationUpdate update in model.Engine.GenerateAsync(new GenerationRequest
        {
            Prompt = [.. model.Tokenizer!.Encode($"{meaning}\nDescription:")],
            Adapter = adapter,
            MaxTokens = 80,
            Sampling = new SamplingOptions { Temperature = 0 },
        }))
        {
            text.Append(update.Text);
        }

        return text.ToString();
    }
}
