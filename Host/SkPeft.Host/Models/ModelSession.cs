using System.Diagnostics;
using SkPeft.Engine;
using SkPeft.Engine.Scheduling;
using SkPeft.Engine.Tokenization;
using SkPeft.Connectors.Receipts;
using SkPeft.Plugins;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Models;

/// <summary>What a command wants opened.</summary>
/// <param name="Model">The file or folder.</param>
/// <param name="Precision">How it computes.</param>
/// <param name="Adapter">A folder or reference, or null for the bare base.</param>
/// <param name="Store">The store's folder, or null for the user's own.</param>
/// <param name="Threads">Worker threads, or null for the default.</param>
/// <param name="Task">The task of a multitask adapter, or null.</param>
/// <param name="PrefixCache">Whether beginnings of texts are remembered; not where reading them is measured.</param>
internal sealed record SessionOptions(string Model, Precision Precision, string? Adapter = null, string? Store = null, int? Threads = null, int? Task = null, bool PrefixCache = true);

/// <summary>A model and at most one adapter, opened for one command.</summary>
internal sealed class ModelSession : IDisposable
{
    private readonly PluginCatalog? _plugins;
    private readonly AdapterUse? _adapter;

    private ModelSession(LanguageModel model, PluginCatalog? plugins, AdapterUse? adapter, TimeSpan loadTime) =>
        (Model, _plugins, _adapter, LoadTime) = (model, plugins, adapter, loadTime);

    public LanguageModel Model { get; }

    public ILoadedAdapter? Adapter => _adapter?.Adapter;

    /// <summary>Null for the bare base.</summary>
    public Receipt? Receipt => _adapter?.Receipt;

    /// <summary>Time to open model and adapter.</summary>
    public TimeSpan LoadTime { get; }

    /// <summary>The tokenizer.</summary>
    /// <exception cref="FileAccessException">The model brings none.</exception>
    public ITokenizer Tokenizer => Model.Tokenizer ?? throw new FileAccessException(
        Model.Path, "the model brings no tokenizer", "Put tokenizer.json beside its weights, or give token ids (generate --ids).");

    public static async Task<ModelSession> OpenAsync(SessionOptions options, CancellationToken cancellation)
    {
        if (options.Adapter is { } argument)
        {
            // Before the model: a mistyped name should not cost its loading.
            _ = AdapterArgument.IsFolder(argument);
        }

        Stopwatch clock = Stopwatch.StartNew();
        LanguageModel model = LanguageModel.Open(options.Model, new LanguageModelOptions
        {
            Precision = options.Precision,
            Threads = options.Threads,
            Scheduler = options.PrefixCache ? new SchedulerOptions() : new SchedulerOptions { PrefixCacheBytes = 0 },
        });
        PluginCatalog? plugins = null;
        try
        {
            AdapterUse? adapter = null;
            if (options.Adapter is not null)
            {
                plugins = PluginFolder.Open();
                adapter = await AdapterUse.OpenAsync(options.Adapter, options.Task, options.Store, model, plugins, cancellation);
            }

            return new ModelSession(model, plugins, adapter, clock.Elapsed);
        }
        catch
        {
            plugins?.Dispose();
            model.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _adapter?.Dispose();
        _plugins?.Dispose();
        Model.Dispose();
    }
}
