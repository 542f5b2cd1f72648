using System.Globalization;
using SkPeft.Training.Forward;
using SkPeft.Training.Loop;

namespace SkPeft.Training;

/// <summary>A bound on the memory that a run takes beside the model, from its largest part and what a sample took.</summary>
internal sealed class MemoryBound
{
    // Stretches between lent ones that are too short for the next, and small results that the collector has not come to.
    private const double Gaps = 1.2;

    // The last array of the activations and that of the gradients, the workers' own memory, young objects, the code of the training itself.
    private const long Beside = 96L << 20;

    private readonly Learner[] _learners;
    private readonly CachedBase _frozen;

    public MemoryBound(IReadOnlyList<Learner> learners, PartSizes part, MemorySample sample, CachedBase frozen)
    {
        (_learners, _frozen) = ([.. learners], frozen);

        // The effects have been built: the weights that methods look at in every step are decoded by now.
        Bytes = Beside + StandingBytes + (long)(Gaps * sample.BytesOf(part));
    }

    /// <summary>Bytes beside the model.</summary>
    public long Bytes { get; }

    /// <summary>What is there from the first step to the last: values, the gradients of the step, the best values so far; what optimisers remember; decoded weights.</summary>
    private long StandingBytes =>
        (3L * _learners.Sum(l => l.Training.Parameters.Sum(p => (long)p.Value.Length)) * sizeof(float)) + _learners.Sum(l => l.Optimiser.BytesFor(l.Trained)) + _frozen.Bytes;

    /// <summary>Of the same things, what a run holds now: beside the model, and without what the process takes for itself.</summary>
    /// <param name="memory">Its activations and gradients.</param>
    public long HeldBytes(RunMemory memory) => StandingBytes + memory.Bytes;

    /// <exception cref="TrainingException">There is not so much memory.</exception>
    public void Require(long? limit)
    {
        long free = limit ?? FreeBytes();
        if (Bytes > free)
        {
            throw new TrainingException(
                $"Training would take up to {Megabytes(Bytes)} MB beside the model, and {Megabytes(free)} MB {(limit is null ? "are free" : "are allowed (memory_limit in --options)")}. " +
                "Give \"recompute\": true or a \"micro_batch\" in --options, a smaller --batch, or shorter lines.");
        }
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("N0", CultureInfo.InvariantCulture);

    private static long FreeBytes()
    {
        long most = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet;
        const string file = "/proc/meminfo", line = "MemAvailable:";
        if (!File.Exists(file))
        {
            return most;
        }

        string? available = File.ReadLines(file).FirstOrDefault(l => l.StartsWith(line, StringComparison.Ordinal));
        return available?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..] && long.TryParse(kilobytes, CultureInfo.InvariantCulture, out long free)
            ? Math.Min(most, free * 1024)
            : most;
    }
}
