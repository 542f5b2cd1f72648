using SkPeft.Engine;
using SkPeft.Engine.Scheduling;
using SkPeft.PeftPlugins.Tests.Conformance;
using SkPeft.Tensors.Kernels;
using SkPeft.Testing;

namespace SkPeft.PeftPlugins.Tests.Batching;

/// <summary>The engine on the base of the samples, with an adapter of every method loaded from files.</summary>
public sealed class SampleEngine : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, AdapterFiles> _files = [];
    private readonly IAdapterLoader _loader;

    public SampleEngine()
        : this(new SchedulerOptions())
    {
    }

    private SampleEngine(SchedulerOptions scheduler)
    {
        HfModelFolder.Write(MethodSample.Model, _folder.Root);
        Model = LanguageModel.Open(_folder.Root, new LanguageModelOptions { Precision = Precision.Exact, Threads = 2, Scheduler = scheduler });
        _loader = Model.CreateAdapterLoader(new ReferencedMethods());
        foreach (string name in MethodSamples.Names.Select(n => n.Data))
        {
            MethodSample sample = MethodSamples.Named(name);
            _files.Add(name, AdapterFolder.Write(_folder.PathOf(name), sample.Config, sample.RandomTensors()) with { Task = sample.Task });
        }
    }

    public LanguageModel Model { get; }

    public static SampleEngine With(SchedulerOptions scheduler) => new(scheduler);

    /// <summary>Loads a sample's adapter; null for the bare base, whose name is empty; of several with <c>+</c> between (and weights, <c>*0.5</c>) their composition.</summary>
    /// <exception cref="AdapterCompositionException">They cannot act together.</exception>
    public async Task<ILoadedAdapter?> LoadAsync(string sample)
    {
        if (sample.Length == 0)
        {
            return null;
        }

        List<WeightedAdapter> parts = [];
        try
        {
            foreach ((string name, float weight) in PartsOf(sample))
            {
                parts.Add(new WeightedAdapter(await _loader.LoadAsync(_files[name]), weight));
            }

            return parts is [{ Weight: 1 } one] ? one.Adapter : _loader.Compose(parts);
        }
        finally
        {
            if (parts is not [{ Weight: 1 }])
            {
                // A composition keeps them as long as it needs them.
                parts.ForEach(p => p.Adapter.Dispose());
            }
        }
    }

    /// <summary>Those that can act together with a sample, each alone, as references.</summary>
    public async Task<IReadOnlyList<string>> CompositionsAsync(string with)
    {
        List<string> found = [];
        foreach (string name in MethodSamples.Names.Select(n => n.Data).Where(n => n != PartsOf(with).Single().Name))
        {
            try
            {
                (await LoadAsync($"{name}+{with}"))!.Dispose();
                found.Add($"{name}+{with}");
            }
            catch (AdapterCompositionException)
            {
                // Tested where compositions are.
            }
        }

        return found;
    }

    /// <summary>A text for a sample: its own (which has places for its soft tokens), and random tokens behind it.</summary>
    public static int[] Text(string sample, int more, int seed)
    {
        Random random = new(seed);
        int[] own = sample.Length == 0 ? [2, 7] : PartsOf(sample).Select(p => MethodSamples.Named(p.Name).Text).MaxBy(t => t.Count(id => id < 0))!;
        return [.. own, .. Enumerable.Range(0, more).Select(_ => random.Next(16))];
    }

    /// <inheritdoc cref="Asking.LogitsAsync"/>
    public Task<float[][]> LogitsAsync(int[] ids, ILoadedAdapter? adapter) => Model.LogitsAsync(ids, adapter, Precision.Exact);

    /// <inheritdoc cref="Asking.TogetherAsync"/>
    public Task TogetherAsync(Func<IReadOnlyList<Task>> begin) => Model.TogetherAsync(begin);

    /// <inheritdoc cref="Asking.GreedyAsync"/>
    public Task<IReadOnlyList<(int Id, double Margin)>> GreedyAsync(
        int[] prompt, int tokens, ILoadedAdapter? adapter, Precision precision = Precision.Exact, int lookup = 0, CancellationToken cancellation = default) =>
        Model.GreedyAsync(prompt, tokens, adapter, precision, lookup, cancellation);

    private static IEnumerable<(string Name, float Weight)> PartsOf(string sample) => sample.Split('+').Select(part =>
        part.Split('*') is [string name, string weight] ? (name, float.Parse(weight, System.Globalization.CultureInfo.InvariantCulture)) : (part, 1f));

    public void Dispose()
    {
        Model.Dispose();
        _folder.Dispose();
    }
}
