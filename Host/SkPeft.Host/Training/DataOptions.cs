using SkPeft.Host.Output;
using SkPeft.Training;

namespace SkPeft.Host.Training;

/// <summary>Reads how lines become sequences.</summary>
internal static class DataOptions
{
    public static TrainingData Training(OptionBag options)
    {
        string? prompt = options.Text("prompt");
        string? completion = options.Text("completion");
        bool chat = options.Flag("chat", false);
        if (chat && (prompt ?? completion) is not null)
        {
            throw new UsageException("Give --prompt and --completion, or --chat; both found.");
        }

        if (completion is not null && prompt is null)
        {
            throw new UsageException("--completion goes with --prompt.");
        }

        return new TrainingData
        {
            Path = options.Text("data") ?? throw new UsageException("--data FILE.jsonl is required."),
            Prompt = prompt,
            Completion = completion,
            Chat = chat,
            Classes = Classes(options),
            LabelField = options.Text("label_field") ?? "label",
            LossOnAll = options.Word("loss", "completion", "completion", "all") == "all",
            SkipUnusable = options.Flag("skip", false),
            AllowOneClass = options.Flag("one_class", false),
            Limit = options.Whole("limit", 1),
        };
    }

    public static TrainingData? Evaluation(OptionBag options, TrainingData training)
    {
        string? file = options.Text("eval"), prompt = options.Text("eval_prompt"), completion = options.Text("eval_completion");
        int? limit = options.Whole("eval_limit", 1);
        return file is null ? null : training with
        {
            Path = file, Prompt = prompt ?? training.Prompt, Completion = completion ?? training.Completion, LossOnAll = false, Limit = limit, AllowOneClass = true,
        };
    }

    private static IReadOnlyList<LabelClass> Classes(OptionBag options)
    {
        IReadOnlyList<string> labels = options.Texts("labels");
        OptionBag? words = options.Object("classes");
        if (words is null)
        {
            return labels.Any(l => l.Length == 0) || labels.Distinct(StringComparer.Ordinal).Count() < labels.Count
                ? throw new UsageException($"--labels: '{string.Join(',', labels)}' is not accepted, expected different words with commas between them, such as positive,negative.")
                : [.. labels.Select(LabelClass.Of)];
        }

        LabelClass[] classes = [.. words.Keys().Select(name => new LabelClass(name, words.Texts(name)))];
        if (classes.FirstOrDefault(c => c.Words.Count == 0 || c.Words.Any(w => w.Length == 0)) is { } empty)
        {
            throw new UsageException($"{options.Path}: classes: '{empty.Name}' has no words, expected a list such as [\"good\", \"great\"].");
        }

        return labels.Count == 0 || labels.Order(StringComparer.Ordinal).SequenceEqual(classes.Select(c => c.Name).Order(StringComparer.Ordinal))
            ? classes
            : throw new UsageException($"--labels names {string.Join(", ", labels)}, \"classes\" in --options {string.Join(", ", classes.Select(c => c.Name))}: give one of the two.");
    }
}
