using System.Diagnostics.Metrics;
using SkPeft.Adapters.Store;
using SkPeft.Plugins;

namespace SkPeft.Connectors.Telemetry;

/// <summary>The instruments of what a runtime keeps in memory besides the model, of the meter <c>SkPeft.Runtime</c>.</summary>
internal sealed class RuntimeMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "SkPeft.Runtime";

    private readonly Meter _meter;
    private readonly Counter<long> _events;
    private readonly SharedReading<ResidencyStatistics> _residency;

    /// <param name="residency">Adapters in memory.</param>
    /// <param name="plugins">Plugins in memory.</param>
    /// <param name="scope">Tells the meters of several runtimes in one process apart; null for most.</param>
    public RuntimeMetrics(AdapterResidency residency, PluginCatalog plugins, object? scope)
    {
        _residency = new SharedReading<ResidencyStatistics>(() => residency.Statistics);
        _meter = new Meter(new MeterOptions(MeterName) { Scope = scope });
        _events = _meter.CreateCounter<long>("skpeft.plugins.events", "{event}", "What happened to plugins, by skpeft.kind (loaded, reloaded, unloaded, refused …).");
        Gauge("skpeft.adapters.resident", "By", "Bytes of modules in memory.", s => s.ResidentBytes);
        Gauge("skpeft.adapters.budget", "By", "Bytes that modules in memory may take.", s => s.BudgetBytes);
        Gauge("skpeft.adapters.loaded", null, "Modules in memory.", s => s.Residents.Count);
        Gauge("skpeft.adapters.leases", null, "Requests that hold a module.", s => s.Residents.Sum(r => r.Leases));
        Count("skpeft.adapters.hits", "Leases that found their module loaded or loading.", s => [new(s.Hits)]);
        Count("skpeft.adapters.loads", "Loads of modules that were begun.", s => [new(s.Loads)]);
        Count("skpeft.adapters.failed_loads", "Loads of modules that failed.", s => [new(s.FailedLoads)]);
        Count("skpeft.adapters.evictions", "Modules that left memory, by skpeft.reason (budget, staleplugin, shutdown).", s =>
            s.Evictions.Select(e => new Measurement<long>(e.Value, new KeyValuePair<string, object?>("skpeft.reason", Word(e.Key)))));
        _meter.CreateObservableGauge("skpeft.plugins.contexts", () => Contexts(plugins), "{context}",
            "Load contexts of plugins in memory, by skpeft.status: active, draining (requests still run), unloading, stillheld (not proved gone).");
    }

    /// <summary>Counts something that happened to a plugin.</summary>
    public void See(PluginEventKind kind) => _events.Add(1, new KeyValuePair<string, object?>("skpeft.kind", Word(kind)));

    public void Dispose() => _meter.Dispose();

    // A file that was not loaded has no context.
    private static IEnumerable<Measurement<long>> Contexts(PluginCatalog plugins)
    {
        ILookup<PluginStatus, PluginInfo> all = plugins.List().ToLookup(p => p.Status);
        return Enum.GetValues<PluginStatus>().Where(s => s != PluginStatus.Failed)
            .Select(s => new Measurement<long>(all[s].Count(), new KeyValuePair<string, object?>("skpeft.status", Word(s))));
    }

    private static string Word(Enum value) => value.ToString().ToLowerInvariant();

    private void Gauge(string name, string? unit, string help, Func<ResidencyStatistics, long> read) =>
        _meter.CreateObservableGauge(name, () => read(_residency.For(name)), unit, help);

    private void Count(string name, string help, Func<ResidencyStatistics, IEnumerable<Measurement<long>>> read) =>
        _meter.CreateObservableCounter(name, () => read(_residency.For(name)), null, help);
}
