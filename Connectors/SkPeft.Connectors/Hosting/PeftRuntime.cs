using Microsoft.Extensions.Logging;
using SkPeft.Adapters.Store;
using SkPeft.Connectors.Routing;
using SkPeft.Connectors.Skills;
using SkPeft.Connectors.Telemetry;
using SkPeft.Engine;
using SkPeft.Engine.Adapters;
using SkPeft.Plugins;

namespace SkPeft.Connectors.Hosting;

/// <summary>Everything that settings describe, opened: model, plugins, store, adapters in memory, router. One of these a process.</summary>
/// <remarks>Safe for concurrent use. Dispose it after the last request.</remarks>
public sealed class PeftRuntime : IDisposable
{
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly LiveRouter _router;
    private volatile SkPeftSettings _settings;
    private readonly RuntimeMetrics? _metrics;

    private int _closed;

    private PeftRuntime(SkPeftSettings settings, string folder, ILogger? logger, TimeProvider time, object? scope)
    {
        _settings = settings;
        _folder = folder;
        _time = time;
        SkillMap skills = new(settings.Skills, settings.AllowBase);
        Store = Named(nameof(settings.Store), () => AdapterStore.Open(settings.Store, time));
        _router = new LiveRouter(skills, Store);
        Model = Named(nameof(settings.Model), () => LanguageModel.Open(settings.Model, new LanguageModelOptions
        {
            Precision = settings.Precision,
            Threads = settings.Threads,
            ContextLength = settings.ContextLength,
            ChatTemplate = settings.ChatTemplate is { } template ? Named(nameof(settings.ChatTemplate), () => ReadTemplate(template)) : null,
            HalfCache = settings.HalfCache,
            Scheduler = settings.Scheduler(),
        }));
        try
        {
            Plugins = Named(nameof(settings.Plugins), () => PluginCatalog.Open(
                new PluginOptions
                {
                    Folders = settings.Plugins, Watch = settings.WatchPlugins, AllowList = settings.AllowList, AllowedSha256 = settings.AllowedSha256,
                },
                e => OnPluginEvent(e, logger),
                time));
            Residency = new AdapterResidency(
                Store,
                Model.CreateAdapterLoader(Plugins, new AdapterLoaderOptions { Strict = settings.Strict }),
                new ResidencyOptions { BudgetBytes = (long)settings.AdapterBudgetMegabytes << 20 });
            _metrics = new RuntimeMetrics(Residency, Plugins, scope);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The model.</summary>
    public LanguageModel Model { get; }

    /// <summary>The methods.</summary>
    public PluginCatalog Plugins { get; } = null!;

    /// <summary>The adapters on disk.</summary>
    public AdapterStore Store { get; }

    /// <summary>The adapters in memory.</summary>
    public AdapterResidency Residency { get; } = null!;

    /// <summary>The skills as they are now.</summary>
    public SkillMap Skills => _router.Skills;

    /// <summary>Who decides which adapter answers, by the skills as they are when a request begins.</summary>
    public ISkillRouter Router => _router;

    /// <summary>Opens everything.</summary>
    /// <param name="settings">What to open.</param>
    /// <param name="folder">What relative paths are relative to.</param>
    /// <param name="logger">Hears of plugins.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ConfigurationException">Something cannot be opened; the message names its key.</exception>
    public static PeftRuntime Open(SkPeftSettings settings, string folder, ILogger? logger = null, TimeProvider? time = null) =>
        Open(settings, folder, logger, time, null);

    /// <param name="settings">What to open.</param>
    /// <param name="folder">What relative paths are relative to.</param>
    /// <param name="logger">Hears of plugins.</param>
    /// <param name="time">The clock.</param>
    /// <param name="scope">The scope of its meter, where several runtimes of one process are told apart.</param>
    internal static PeftRuntime Open(SkPeftSettings settings, string folder, ILogger? logger, TimeProvider? time, object? scope)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new PeftRuntime(settings.Under(folder), folder, logger, time ?? TimeProvider.System, scope);
    }

    /// <summary>A client for one skill, or one that routes every request.</summary>
    public PeftChatClient CreateClient(string? skill = null) => CreateClient(new ClientBinding(skill, null));

    internal PeftChatClient CreateClient(ClientBinding binding) => new(
        Model,
        Residency,
        Router,
        new PeftChatClientOptions
        {
            Skill = binding.Skill,
            Adapter = binding.Adapter,
            MaxOutputTokens = _settings.MaxOutputTokens,
            IgnoredProperties = [.. new PeftChatClientOptions().IgnoredProperties, .. _settings.IgnoredProperties],
        },
        _time);

    /// <summary>Loads the adapter of every skill once and looks for its prompt, so that what cannot be served is known before the first request.</summary>
    /// <exception cref="ConfigurationException">Adapters are missing or do not fit, or there is no prompt; all of them, by key.</exception>
    public Task CheckSkillsAsync(CancellationToken cancellationToken = default) => CheckAsync(Skills, cancellationToken);

    /// <summary>Takes over skills and plugin folders while requests run; those that run go on as they began. Where a skill cannot be served, nothing changes.</summary>
    /// <param name="settings">The new settings.</param>
    /// <param name="cancellationToken">Gives the checks up.</param>
    /// <returns>The names of other settings that differ: they hold from the next start on.</returns>
    /// <exception cref="ConfigurationException">Something cannot be served; all problems, by key.</exception>
    public async Task<IReadOnlyList<string>> ApplyAsync(SkPeftSettings settings, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        SkPeftSettings next = settings.Under(_folder), before = _settings;
        SkillMap skills = new(next.Skills, _settings.AllowBase);
        bool isMoved = !before.Plugins.SequenceEqual(next.Plugins, StringComparer.Ordinal);
        try
        {
            // First: a new skill's module may need a new plugin.
            if (isMoved)
            {
                Plugins.SetFolders(next.Plugins);
            }

            await CheckAsync(skills, cancellationToken);
        }
        catch
        {
            if (isMoved)
            {
                Plugins.SetFolders(before.Plugins);
            }

            throw;
        }

        _router.Skills = skills;
        _settings = before with { Skills = next.Skills, Plugins = next.Plugins };
        return SettingsDifference.Fixed(before, next);
    }

    private async Task CheckAsync(SkillMap skills, CancellationToken cancellationToken)
    {
        List<string> problems = [];
        Exception? first = null;
        foreach (SkillDefinition skill in skills.Skills)
        {
            if (skill.Prompt is null && Model.ChatTemplate is null)
            {
                problems.Add($"{skill.Key}:Prompt: nothing is given, and {Model.Path} has no chat template; give a prompt with {PromptTemplate.Input}.");
            }

            if (skill.Adapter == SkillRouter.Base)
            {
                continue;
            }

            try
            {
                using IAdapterLease lease = await Residency.LeaseAsync(skill.Adapter, cancellationToken);
            }
            catch (SkPeftException e)
            {
                problems.Add($"{skill.Key}:Adapter: {e.Message}");
                first ??= e;
            }
        }

        if (problems.Count > 0)
        {
            throw new ConfigurationException(problems, first);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        _metrics?.Dispose();
        Residency?.Dispose();
        Model.Dispose();
        Plugins?.Dispose();
    }

    private static string ReadTemplate(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FileAccessException(path, $"the chat template cannot be read ({e.Message.TrimEnd('.')})", "Name a file of Jinja, or leave the setting out.");
        }
    }

    private static T Named<T>(string key, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (SkPeftException e)
        {
            throw new ConfigurationException([$"{SkPeftSettings.SectionName}:{key}: {e.Message}"], e);
        }
    }

    private void OnPluginEvent(PluginEvent e, ILogger? logger)
    {
        logger?.Log(e.IsWarning ? LogLevel.Warning : LogLevel.Information, "{Plugin}: {Message}", e.Plugin, e.Message);
        _metrics?.See(e.Kind);

        // Idle adapters let go of the old generation now, not when somebody asks for them next. Not on the catalog's thread.
        if (e.Kind is PluginEventKind.Reloaded or PluginEventKind.Withdrawn && Residency is { } residency)
        {
            _ = Task.Run(residency.ReleaseStale);
        }
    }
}
