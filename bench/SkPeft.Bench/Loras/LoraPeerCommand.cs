using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SkPeft.Engine;
using SkPeft.Engine.Generation;
using SkPeft.Engine.Scheduling;
using SkPeft.Plugins;
using SkPeft.Tensors.Kernels;
using SkPeft.Training;

namespace SkPeft.Bench.Loras;

/// <summary>As many requests at once as there are LoRAs, each through its own: this engine against llama-server, with the same files and prompts, in alternation.</summary>
internal static class LoraPeerCommand
{
    private const int Tenants = 16;
    private const int PromptTokens = 128;
    private const int NewTokens = 64;
    private const int Rank = 8;
    private const int Alpha = 16;

    public static async Task<int> RunAsync(string model, PeerOptions options)
    {
        string? folder = Environment.GetEnvironmentVariable("LLAMA_BIN");
        if (folder is null || !File.Exists(Path.Combine(folder, "llama-server")))
        {
            Console.Error.WriteLine("LLAMA_BIN names no folder with llama-server: nothing to compare with.");
            return 1;
        }

        string files = Directory.CreateTempSubdirectory("skpeft-loras-").FullName;
        try
        {
            using PluginCatalog methods = PluginCatalog.Open(new PluginOptions { Folders = [Path.Combine(AppContext.BaseDirectory, "plugins")] });
            using LanguageModel own = LanguageModel.Open(model, new LanguageModelOptions
            {
                Threads = options.Threads, Precision = Precision.Fast, Scheduler = new SchedulerOptions { MaxRunning = Tenants, PrefixCacheBytes = 0 },
            });
            IAdapterLoader loader = own.CreateAdapterLoader(methods);
            List<ILoadedAdapter> adapters = [];
            List<string> ggufs = [];
            for (int i = 0; i < Tenants; i++)
            {
                string at = Path.Combine(files, $"lora-{i}");
                JsonElement config = JsonSerializer.SerializeToElement(new { peft_type = "LORA", r = Rank, lora_alpha = Alpha, target_modules = "all-linear" });
                StartingAdapter.Write(own, methods, new AdapterPackage($"lora-{i}", config, new Dictionary<string, Tensor>()), i + 1, 0.02, at);
                string weights = Path.Combine(at, "adapter_model.safetensors");
                adapters.Add(await loader.LoadAsync(new AdapterFiles($"lora-{i}", "", Path.Combine(at, "adapter_config.json"), weights, null)));
                ggufs.Add(Path.Combine(files, $"lora-{i}.gguf"));
                GgufLora.Write(weights, ggufs[^1], Alpha, own.Shape.Sizes.HeadDim);
            }

            using LlamaServer peer = await LlamaServer.StartAsync(folder, model, ggufs, options.Threads, Tenants, Tenants * (PromptTokens + NewTokens + 32));
            List<double> ours = [], theirs = [], bare = [];
            for (int i = 0; i <= options.Repeat; i++)
            {
                int[][] prompts = [.. Enumerable.Range(0, Tenants).Select(t => Prompt(own, (i * Tenants) + t))];
                double mine = await MeasureAsync(t => AskAsync(own, prompts[t], adapters[t]));
                double base_ = await MeasureAsync(t => AskAsync(own, prompts[t], null));
                double other = await MeasureAsync(t => peer.AskAsync(prompts[t], NewTokens, t));
                if (i > 0)
                {
                    ours.Add(mine);
                    bare.Add(base_);
                    theirs.Add(other);
                }
            }

            adapters.ForEach(a => a.Dispose());
            string report = Report(model, options, ours, bare, theirs);
            Console.Write(report);
            if (options.Out is not null)
            {
                Directory.CreateDirectory(options.Out);
                await File.WriteAllTextAsync(Path.Combine(options.Out, $"loras-{Path.GetFileNameWithoutExtension(model)}.md"), report);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(files, recursive: true);
        }
    }

    private static async Task<double> MeasureAsync(Func<int, Task> ask)
    {
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Tenants).Select(t => Task.Run(() => ask(t))));
        return Tenants * NewTokens / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task AskAsync(LanguageModel model, int[] prompt, ILoadedAdapter? adapter)
    {
        GenerationRequest request = new() { Prompt = prompt, MaxTokens = NewTokens, EndIds = new HashSet<int>(), Adapter = adapter };
        await foreach (GenerationUpdate _ in model.Engine.GenerateAsync(request))
        {
        }
    }

    private static int[] Prompt(LanguageModel model, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, PromptTokens).Select(_ => random.Next(100, model.Shape.Sizes.VocabularySize))];
    }

    private static string Report(string model, PeerOptions options, List<double> ours, List<double> bare, List<double> theirs)
    {
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"# {Path.GetFileName(model)}, {Tenants} requests at once through {Tenants} LoRAs (r {Rank}, all seven projections), {options.Threads} threads");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"CPU: {Machine.Cpu()}; .NET {Environment.Version}; {PromptTokens} prompt tokens, {NewTokens} new tokens each; generated tokens by the whole time; medians of {options.Repeat} alternated runs; load {Machine.Load()}.");
        text.AppendLine();
        text.AppendLine("| SkPeft, own LoRA each | SkPeft, bare base | llama-server, own LoRA each | SkPeft against llama-server | SkPeft against its bare base |");
        text.AppendLine("|---|---|---|---|---|");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"| {Figures(ours)} | {Figures(bare)} | {Figures(theirs)} | {Statistics.Median(ours) / Statistics.Median(theirs):F2} | {Statistics.Median(ours) / Statistics.Median(bare):F3} |");
        return text.ToString();
    }

    private static string Figures(List<double> values) => string.Create(CultureInfo.InvariantCulture, $"{Statistics.Median(values):F1} ({values.Min():F1} – {values.Max():F1}) tok/s");
}
