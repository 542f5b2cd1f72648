using Microsoft.Extensions.Configuration;
using SkPeft.Connectors.Skills;
using SkPeft.Engine.Scheduling;
using SkPeft.Plugins;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Connectors.Hosting;

/// <summary>The <c>SkPeft</c> section of a configuration. Relative paths are relative to the host's content root.</summary>
public sealed record SkPeftSettings
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "SkPeft";

    /// <summary>The model: a GGUF file, or a folder in Hugging Face's layout.</summary>
    public required string Model { get; init; }

    /// <summary>The folder of the adapter store; created where it is not there.</summary>
    public required string Store { get; init; }

    /// <summary>Folders that hold one folder a plugin. Default: <c>plugins</c> beside the program.</summary>
    public IReadOnlyList<string> Plugins { get; init; } = [Path.Combine(AppContext.BaseDirectory, "plugins")];

    /// <summary>Whether changed plugins are loaded while the process runs. Default: yes.</summary>
    public bool WatchPlugins { get; init; } = true;

    /// <summary>What happens to plugins that <see cref="AllowedSha256"/> does not list.</summary>
    public AllowListMode AllowList { get; init; }

    /// <summary>Digests of plugin files that may be loaded.</summary>
    public IReadOnlyList<string> AllowedSha256 { get; init; } = [];

    /// <summary>The precision of requests that name none. Default: fast.</summary>
    public Precision Precision { get; init; } = Precision.Fast;

    /// <summary>Worker threads; null: as many as the process may use.</summary>
    public int? Threads { get; init; }

    /// <summary>Positions that a sequence may take; null: what the model was made for.</summary>
    public int? ContextLength { get; init; }

    /// <summary>A file with a chat template (Jinja), for a model that brings none or in place of its own; null: the model's.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Whether keys and values are kept in fp16.</summary>
    public bool HalfCache { get; init; }

    /// <summary>Whether an adapter made for other weights of the same shape is refused; otherwise it is served with a warning in the receipt.</summary>
    public bool Strict { get; init; }

    /// <summary>Whether the bare model may be asked for, as adapter <c>base</c>.</summary>
    public bool AllowBase { get; init; }

    /// <summary>Most tokens of an answer where neither the request nor its skill says.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Megabytes (2^20 bytes) of adapters that stay in memory.</summary>
    public int AdapterBudgetMegabytes { get; init; } = 1024;

    /// <summary>Requests that may run side by side.</summary>
    public int MaxRunning { get; init; } = new SchedulerOptions().MaxRunning;

    /// <summary>Requests that may wait; one more is refused.</summary>
    public int MaxQueue { get; init; } = new SchedulerOptions().MaxQueue;

    /// <summary>Megabytes (2^20 bytes) of keys and values; null: a quarter of the memory that the process may use.</summary>
    public int? KeyValueMegabytes { get; init; }

    /// <summary>Megabytes (2^20 bytes) of these for known beginnings of texts, static prefixes among them; 0: none, and every request computes its own.</summary>
    public int PrefixCacheMegabytes { get; init; } = (int)(new SchedulerOptions().PrefixCacheBytes >> 20);

    /// <summary>Milliseconds that a step should take while answers stream.</summary>
    public int StepTargetMilliseconds { get; init; } = (int)new SchedulerOptions().StepTarget.TotalMilliseconds;

    /// <summary>Milliseconds between two tokens of an answer that further requests may not break: they wait instead; null: only room counts.</summary>
    public int? TokenTargetMilliseconds { get; init; }

    /// <summary>Shares of the engine by tenant (a request's <c>tenant</c>, else its skill, else its adapter), where it is not 1.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>Names in AdditionalProperties that are passed over, besides <c>service_id</c>.</summary>
    public IReadOnlyList<string> IgnoredProperties { get; init; } = [];

    /// <summary>The skills.</summary>
    public IReadOnlyList<SkillDefinition> Skills { get; init; } = [];

    /// <summary>Reads the section <c>SkPeft</c> of a configuration, or the configuration itself where it is that section.</summary>
    /// <exception cref="ConfigurationException">Something is missing, unknown, of the wrong kind, or claimed twice; all problems together, by key.</exception>
    public static SkPeftSettings Read(IConfiguration configuration)
    {
        SkPeftSettings settings = SettingsReader.Read(configuration, out IReadOnlyList<string> problems);
        return problems.Count == 0 ? settings : throw new ConfigurationException(problems);
    }

    /// <summary>How requests share the engine.</summary>
    internal SchedulerOptions Scheduler() => new()
    {
        MaxRunning = MaxRunning,
        MaxQueue = MaxQueue,
        KeyValueBytes = KeyValueMegabytes is { } megabytes ? (long)megabytes << 20 : null,
        PrefixCacheBytes = (long)PrefixCacheMegabytes << 20,
        StepTarget = TimeSpan.FromMilliseconds(StepTargetMilliseconds),
        TokenTarget = TokenTargetMilliseconds is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null,
        Weights = Weights,
    };

    /// <summary>The same settings with full paths.</summary>
    internal SkPeftSettings Under(string folder) => this with
    {
        Model = Path.GetFullPath(Model, folder),
        Store = Path.GetFullPath(Store, folder),
        ChatTemplate = ChatTemplate is null ? null : Path.GetFullPath(ChatTemplate, folder),
        Plugins = [.. Plugins.Select(p => Path.GetFullPath(p, folder))],
    };
}
