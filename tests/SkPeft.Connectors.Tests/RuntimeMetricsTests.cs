using System.Diagnostics.Metrics;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Telemetry;
using SkPeft.Plugins;
using SkPeft.Testing;

namespace SkPeft.Connectors.Tests;

public sealed class RuntimeMetricsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly object _scope = new();
    private readonly Dictionary<string, long> _seen = [];
    private readonly MeterListener _listener = new();

    public RuntimeMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == RuntimeMetrics.MeterName && instrument.Meter.Scope == _scope)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            string key = string.Join(' ', [instrument.Name, .. tags.ToArray().Select(t => $"{t.Value}")]);
            lock (_seen)
            {
                _seen[key] = instrument is Counter<long> ? _seen.GetValueOrDefault(key) + value : value;
            }
        });
        _listener.Start();
    }

    [Fact]
    public async Task LoadsLeasesEvictionsAndContexts_AreSeen()
    {
        TinyLlama.Write(_folder.PathOf("model"));
        TinyLlama.WriteLora(_folder.PathOf("lora"), 1);
        SkPeftSettings settings = new() { Model = _folder.PathOf("model"), Store = _folder.PathOf("store"), WatchPlugins = false, Threads = 1, AllowBase = true };
        PeftRuntime runtime = PeftRuntime.Open(settings, _folder.Root, null, null, _scope);
        runtime.Store.Add("red", _folder.PathOf("lora"), cancellationToken: Token);
        using (IAdapterLease first = await runtime.Residency.LeaseAsync("red", Token))
        using (IAdapterLease second = await runtime.Residency.LeaseAsync("red", Token))
        {
            Read("skpeft.adapters.leases").ShouldBe(2);
            (Read("skpeft.adapters.loads"), Read("skpeft.adapters.hits"), Read("skpeft.adapters.loaded")).ShouldBe((1, 1, 1));
            Read("skpeft.adapters.resident").ShouldBe(first.Adapter.Bytes);
            long contexts = Read("skpeft.plugins.contexts active");
            contexts.ShouldBe(runtime.Plugins.List().Count(p => p.Status == PluginStatus.Active));
            runtime.Plugins.Reload("SkPeft.Peft.Lora");
            Read("skpeft.plugins.events reloaded").ShouldBe(1);
            (Read("skpeft.plugins.contexts active"), Read("skpeft.plugins.contexts draining")).ShouldBe((contexts, 1));
        }

        runtime.Residency.ReleaseStale();
        (Read("skpeft.adapters.leases"), Read("skpeft.adapters.loaded"), Read("skpeft.adapters.evictions staleplugin")).ShouldBe((0, 0, 1));
        await Should.ThrowAsync<AdapterNotFoundException>(() => runtime.Residency.LeaseAsync("blue", Token).AsTask());
        runtime.Dispose();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private long Read(string key)
    {
        _listener.RecordObservableInstruments();
        lock (_seen)
        {
            return _seen[key];
        }
    }
}
