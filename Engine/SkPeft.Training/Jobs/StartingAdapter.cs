using SkPeft.Engine;
using SkPeft.Tensors.Differentiation;
using SkPeft.Tensors.Kernels;
using SkPeft.Tensors.Threading;
using SkPeft.Training.Forward;
using SkPeft.Training.Loop;
using SkPeft.Training.Output;

namespace SkPeft.Training;

/// <summary>Adapters as training would start them, written without any: to measure, or to try a configuration.</summary>
public static class StartingAdapter
{
    /// <summary>Writes an adapter in the layout that is loaded again.</summary>
    /// <param name="model">The base.</param>
    /// <param name="catalog">Where the method comes from.</param>
    /// <param name="package">Name and configuration; <c>peft_type</c> says the method.</param>
    /// <param name="seed">Makes adapters differ.</param>
    /// <param name="noise">The deviation of normal numbers that are added to every parameter, so that the adapter does not start as nothing.</param>
    /// <param name="folder">Where to.</param>
    /// <exception cref="TrainingException">The method cannot be trained.</exception>
    public static void Write(LanguageModel model, IPeftMethodCatalog catalog, AdapterPackage package, int seed, double noise, string folder)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(package);
        using WorkerTeam team = new(1);
        using ComputeContext compute = new(team, model.Options.InstructionSet);
        using ComputeScope scope = new(compute);
        RunMemory memory = new();
        using TrainingForward forward = new(model, compute, memory.Activations, recompute: false);
        IPeftMethodLease lease = catalog.Acquire(package.PeftType);
        try
        {
            if (lease.Method is not ITrainablePeftMethod method)
            {
                throw new TrainingException($"{package.PeftType} can be served but not trained: plugin {lease.Plugin.Name} does not implement {nameof(ITrainablePeftMethod)}.");
            }

            PeftTraining training = method.BeginTraining(new TrainingRequest
            {
                Package = package, Model = new CachedBase(model.Base), Probe = new ModelProbe(model, forward), Random = new Random(seed),
            });
            Random random = new(seed);
            foreach (TrainingParameter parameter in training.Parameters)
            {
                foreach (ref float value in parameter.Value.Data)
                {
                    value += (float)(noise * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
                }
            }

            AdapterWriter.Write(training.Export()[0], folder);
        }
        finally
        {
            lease.Dispose();
        }
    }
}
