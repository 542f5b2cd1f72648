using System.Text.Json;

namespace SkPeft.Training;

/// <summary>Refuses jobs that contradict themselves.</summary>
internal static class JobCheck
{
    /// <exception cref="TrainingException">It does.</exception>
    public static void Check(TrainingJob job)
    {
        Require(job.Adapters.Count > 0, "The run has no adapter to train.");
        Require(job.Adapters.Select(a => a.Package.Name).Distinct(StringComparer.Ordinal).Count() == job.Adapters.Count, "Two adapters of the run have the same name.");
        Require(job.Loop.Batch >= 1 && job.Loop.MicroBatch is null or >= 1, "Batch and micro_batch must be at least 1.");
        Require(job.Loop.Steps is null or >= 1, "There must be at least one step.");
        bool needsClasses = job.Loop.Losses.Any(l => l is not LossKind.CrossEntropy);
        Require(!needsClasses || job.Data.Classes.Count >= 2,
            $"The losses {string.Join(", ", job.Loop.Losses)} compare classes: name at least two (--labels a,b, or \"classes\" in --options).");
        Require(!needsClasses || !ByHead(job), "A classifier's head (task_type SEQ_CLS) is trained by cross-entropy only.");
        Require(!(ByHead(job) && job.Data.LossOnAll), "A classifier's head (task_type SEQ_CLS) reads the last token only: \"loss\": \"all\" has no meaning.");
    }

    /// <summary>Whether the adapters classify by a head of their own.</summary>
    /// <exception cref="TrainingException">Some do and some do not.</exception>
    public static bool ByHead(TrainingJob job)
    {
        bool[] heads = [.. job.Adapters.Select(a => IsClassifier(a.Package.Config)).Distinct()];
        Require(heads.Length == 1, "Adapters with a classification head (task_type SEQ_CLS) and without cannot be trained in one run.");
        return heads[0];
    }

    private static bool IsClassifier(JsonElement config) =>
        config.ValueKind == JsonValueKind.Object && config.TryGetProperty("task_type", out JsonElement type) && type.ValueKind == JsonValueKind.String && type.GetString() == "SEQ_CLS";

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new TrainingException(message);
        }
    }
}
