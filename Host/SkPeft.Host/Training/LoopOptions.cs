using SkPeft.Host.Output;
using SkPeft.Training;
using SkPeft.Training.Objectives;

namespace SkPeft.Host.Training;

/// <summary>Reads how a run goes through its data.</summary>
internal static class LoopOptions
{
    public static LoopSettings Read(OptionBag options, IReadOnlyList<LabelClass> classes)
    {
        LoopSettings standard = new();
        if (options.Has("steps") && options.Has("epochs"))
        {
            throw new UsageException("Give --steps or --epochs; both found.");
        }

        return standard with
        {
            Steps = options.Whole("steps", 1),
            Epochs = options.Number("epochs", 0) ?? standard.Epochs,
            Batch = options.Whole("batch", 1) ?? standard.Batch,
            MicroBatch = options.Whole("micro_batch", 1),
            Order = options.Word("order", "file", "file", "shuffle") == "shuffle" ? LineOrder.Shuffle : LineOrder.File,
            Bucket = options.Whole("bucket", 0) ?? standard.Bucket,
            Seed = options.Whole("seed", int.MinValue) ?? standard.Seed,
            Losses = Losses(options, classes),
            Aggregation = options.Word("aggregate", "sum", "sum", "mean") == "mean" ? WordAggregation.Mean : WordAggregation.Sum,
            Penalty = options.Flag("penalty", standard.Penalty),
            BilevelShare = options.Number("bilevel_split", 0, 1) ?? standard.BilevelShare,
            ValidationShare = options.Number("validation", 0, 1) ?? standard.ValidationShare,
            EvaluateEvery = options.Whole("eval_every", 1),
            Patience = options.Whole("patience", 1),
            KeepBest = options.Has("keep") ? options.Word("keep", "last", "best", "last") == "best" : null,
            CheckpointEvery = options.Whole("checkpoint_every", 1),
            Recompute = options.Flag("recompute", standard.Recompute),
            MemoryLimit = options.Long("memory_limit"),
            Threads = options.Whole("threads", 1) ?? Math.Min(Environment.ProcessorCount, 256),
        };
    }

    // Where several words stand for a class, the completion alone would teach the first of them.
    private static IReadOnlyList<LossKind> Losses(OptionBag options, IReadOnlyList<LabelClass> classes)
    {
        IReadOnlyList<string> names = options.Texts("losses");
        return names.Count > 0 ? [.. names.Select(name => KindOf(options, name))]
            : classes.Any(c => c.Words.Count > 1) ? [LossKind.Words]
            : [LossKind.CrossEntropy];
    }

    private static LossKind KindOf(OptionBag options, string name) => name switch
    {
        "cross_entropy" => LossKind.CrossEntropy,
        "words" => LossKind.Words,
        "classes" => LossKind.Classes,
        "unlikelihood" => LossKind.Unlikelihood,
        "ranking" => LossKind.Ranking,
        _ => throw new UsageException($"{options.Path}: losses has '{name}', expected cross_entropy, words, classes, unlikelihood, ranking."),
    };
}
