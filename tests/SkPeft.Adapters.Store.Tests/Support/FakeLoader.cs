using System.Collections.Concurrent;

namespace SkPeft.Adapters.Store.Tests;

/// <summary>A loader that tests open and shut: loads of a gated name wait until it is opened.</summary>
internal sealed class FakeLoader : IAdapterLoader
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();
    private int _checks;

    public ModelFingerprint Model { get; set; } = SampleAdapter.Base();

    /// <summary>Raised when a plugin is replaced: adapters of earlier generations are no longer current.</summary>
    public int Generation { get; set; }

    public Func<AdapterFiles, long> Size { get; set; } = _ => 100;

    public long ComposedBytes { get; set; }

    public Exception? CompositionFailure { get; set; }

    public Func<AdapterFiles, Exception?> Failure { get; set; } = _ => null;

    public ConcurrentQueue<AdapterFiles> Begun { get; } = new();

    public ConcurrentQueue<FakeAdapter> Made { get; } = new();

    public IEnumerable<string> Alive => Made.Where(a => !a.IsDisposed).Select(a => a.Name).Order();

    public void Shut(string name) => _gates[name] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open(string name) => _gates[name].SetResult();

    public async ValueTask<ILoadedAdapter> LoadAsync(AdapterFiles files, CancellationToken cancellationToken = default)
    {
        int generation = Generation;
        Begun.Enqueue(files);
        if (_gates.TryGetValue(files.Name, out TaskCompletionSource? gate))
        {
            await gate.Task.WaitAsync(cancellationToken);
        }

        if (Failure(files) is { } failure)
        {
            throw failure;
        }

        var adapter = new FakeAdapter(files.Name, Size(files), Model, generation);
        Made.Enqueue(adapter);
        return adapter;
    }

    public ILoadedAdapter Compose(IReadOnlyList<WeightedAdapter> parts)
    {
        if (CompositionFailure is { } failure)
        {
            throw failure;
        }

        string name = string.Join("+", parts.Select(p => ((FakeAdapter)p.Adapter).Name));
        var adapter = new FakeAdapter(name, ComposedBytes, Model, Generation);
        Made.Enqueue(adapter);
        return adapter;
    }

    /// <summary>How often it was asked whether an adapter is current: once behind every load, which may be after its lease was given.</summary>
    public int Checks => _checks;

    public bool IsCurrent(ILoadedAdapter adapter)
    {
        bool isCurrent = ((FakeAdapter)adapter).Generation == Generation;
        Interlocked.Increment(ref _checks);
        return isCurrent;
    }
}

internal sealed class FakeAdapter(string name, long bytes, ModelFingerprint model, int generation) : ILoadedAdapter
{
    private int _disposals;

    public string Name { get; } = name;

    public int Generation { get; } = generation;

    public bool IsDisposed => _disposals > 0;

    public string PeftType => "FAKE";

    public long Bytes { get; } = bytes;

    public IReadOnlyList<string> MatchedModules => [];

    public PluginIdentity Plugin => throw new NotSupportedException();

    public ModelFingerprint Model { get; } = model;

    public IReadOnlyList<string> Warnings => [];

    public void Dispose() => Interlocked.Increment(ref _disposals).ShouldBe(1, $"{Name} was disposed twice");
}
