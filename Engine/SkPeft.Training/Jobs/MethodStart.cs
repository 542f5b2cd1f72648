using System.Text.Json;
using System.Text.Json.Nodes;
using SkPeft.Tensors.Classification;
using SkPeft.Training.Data;
using SkPeft.Training.Loop;

namespace SkPeft.Training;

/// <summary>Begins the training of the methods, and holds their plugins while they train.</summary>
internal sealed class MethodStart(IPeftMethodCatalog catalog, IBaseModel model, IModelProbe probe, int seed) : IDisposable
{
    private readonly List<IPeftMethodLease> _leases = [];

    /// <summary>The plugin of an adapter, for messages.</summary>
    public string PluginOf(int index) => _leases[index].Plugin is var plugin ? $"{plugin.Name} {plugin.Version} (generation {plugin.Generation})" : "";

    /// <summary>Creates the parameters at their start.</summary>
    /// <exception cref="TrainingException">The method cannot be trained, or cannot begin as it was asked to, or the given start values do not fit.</exception>
    public PeftTraining Begin(AdapterPlan plan, int index, ExampleSet data, bool byHead)
    {
        IPeftMethodLease lease = catalog.Acquire(plan.Package.PeftType);
        _leases.Add(lease);
        if (ClassifierMethod.Around(lease.Method) is not ITrainablePeftMethod method)
        {
            throw new TrainingException($"{plan.Package.PeftType} can be served but not trained: plugin {PluginOf(index)} does not implement {nameof(ITrainablePeftMethod)}.");
        }

        PeftTraining training = Call(plan, index, () => method.BeginTraining(new TrainingRequest
        {
            Package = byHead ? WithClasses(plan.Package, data) : plan.Package,
            Model = model,
            Probe = probe,
            Random = new Random(Seeds.Mix(seed, Seeds.Start - (16L * index))),
            Start = plan.Start,
            Tasks = data.Tasks,
            Prompt = data.Data.Prompt,
        }));
        if (training.ReadsInstruction && data.Data.LossOnAll)
        {
            throw new TrainingException(
                $"{plan.Package.PeftType} reads the whole instruction before it writes its soft tokens, so a loss on the instruction would see what it has to predict: \"loss\": \"all\" is refused. Use \"loss\": \"completion\".");
        }

        if (plan.Initial is { } initial)
        {
            InitialState.Apply(plan.Package.Name, training.Parameters, initial);
        }

        return training;
    }

    public void Dispose() => _leases.ForEach(l => l.Dispose());

    private T Call<T>(AdapterPlan plan, int index, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (AdapterOptionException e)
        {
            // Its own message speaks of serving.
            throw CannotStart(plan, string.Join("; ", e.Problems) + ".", e);
        }
        catch (Exception e) when (e is InvalidOptionException or FileFormatException)
        {
            throw CannotStart(plan, e.Message, e);
        }
        catch (Exception e) when (e is not (SkPeftException or OperationCanceledException or OutOfMemoryException))
        {
            throw new PluginFaultException(PluginOf(index), $"beginning the training of adapter '{plan.Package.Name}'", $"{e.GetType().Name}: {e.Message}", e.ToString());
        }
    }

    private static TrainingException CannotStart(AdapterPlan plan, string problem, Exception inner) => new(
        $"The training of '{plan.Package.Name}' ({plan.Package.PeftType}) cannot start: {problem} Correct the run's \"start\" or the adapter's configuration (--options, --config); the method's README lists what it knows.", inner);

    // The data know the classes where the configuration does not.
    private static AdapterPackage WithClasses(AdapterPackage package, ExampleSet data)
    {
        bool known = package.Config.EnumerateObject().Any(p => p.Name is "num_labels" or "id2label" && p.Value.ValueKind != JsonValueKind.Null)
            || package.Tensors.Keys.Any(k => k.EndsWith("score.weight", StringComparison.Ordinal));
        if (known)
        {
            return package;
        }

        JsonObject config = JsonObject.Create(package.Config)!;
        if (data.Data.Classes.Count > 0)
        {
            config["id2label"] = new JsonObject(data.Data.Classes.Select((c, i) => KeyValuePair.Create($"{i}", (JsonNode?)c.Name)));
        }
        else
        {
            config["num_labels"] = data.Examples.Max(e => e.Class!.Value) + 1;
        }

        return new AdapterPackage(package.Name, JsonSerializer.SerializeToElement(config), package.Tensors);
    }
}
