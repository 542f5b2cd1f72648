using System.CommandLine;
using System.CommandLine.Parsing;
using SkPeft.Host.Models;
using SkPeft.Host.Output;
using SkPeft.Host.Receipts;
using SkPeft.Host.Scoring;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft score</c>: log-probabilities of labels, completions, or an adapter's own classes over a data file.</summary>
internal static class ScoreCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> model = Options.Model();
        Option<string> data = new("--data") { HelpName = "FILE.jsonl", Required = true, Description = "Examples: one JSON object a line." };
        Option<string> prompt = new("--prompt")
        {
            HelpName = "TEXT",
            Required = true,
            Description = "The prompt of an example: {field} or {field[0]} is the line's field, trimmed; \\n is a line break. No BOS is added.",
        };
        Option<string[]?> labels = new("--labels") { HelpName = "a,b", Description = "Scores each label, as ' ' + label. For an adapter that classifies: the names of its classes in order, where it brings none.", CustomParser = Labels };
        Option<string?> labelField = new("--label-field") { HelpName = "FIELD", Description = "The field with the true label. Default: label, where the lines have it." };
        Option<string?> completion = new("--completion") { HelpName = "TEXT", Description = "Scores this text behind the prompt; fields as in --prompt." };
        Option<string?> adapter = Options.Adapter(), store = Options.Store();
        Option<int?> task = Options.TaskId();
        Option<int?> limit = Options.WholeOrNone("--limit", "Only the first N examples.", 1);
        Option<Precision> precision = Options.PrecisionOf(Precision.Fast);
        Option<int?> threads = Options.Threads();
        Option<bool> json = Options.Json();
        Command command = new("score", "Score labels or completions over a data file.")
        {
            model, data, prompt, labels, labelField, completion, adapter, store, task, limit, precision, threads, json,
        };
        command.Validators.Add(result =>
        {
            bool none = result.GetResult(labels) is null && result.GetResult(completion) is null;
            bool both = result.GetResult(labels) is not null && result.GetResult(completion) is not null;
            if (both || (none && result.GetResult(adapter) is null))
            {
                result.AddError("Give one of --labels and --completion; neither is needed for an adapter that classifies (task_type SEQ_CLS).");
            }
            else if (result.GetResult(completion) is not null && result.GetResult(labelField) is not null)
            {
                result.AddError("--label-field goes with --labels.");
            }
        });
        command.SetAction(async (result, cancellation) =>
        {
            SessionOptions session = new(result.GetValue(model)!, result.GetValue(precision), result.GetValue(adapter), result.GetValue(store), result.GetValue(threads), result.GetValue(task));
            ScoreRequest request = new(session, result.GetValue(data)!, result.GetValue(prompt)!, result.GetValue(labels) ?? [], result.GetValue(labelField),
                result.GetValue(completion), result.GetValue(limit));
            ScoreReport report = await new ExampleScorer(request).RunAsync(cancellation);
            if (result.GetValue(json))
            {
                console.WriteJson(report.Write);
            }
            else
            {
                Print(console, report);
            }

            return 0;
        });
        return command;
    }

    private static void Print(ToolConsole console, ScoreReport report)
    {
        string what = report.Accuracy is { } accuracy ? $"accuracy {accuracy:P2}"
            : report.MeanNllPerToken is { } mean ? $"mean negative log-likelihood per token {mean:F4}"
            : "scored; the lines have no true label (--label-field)";
        console.Out.WriteLine($"{report.Examples.Count} examples: {what}");
        console.Flush();
        if (report.Receipt is { } receipt)
        {
            ReceiptLines.Write(console.Remarks, receipt);
        }
    }

    private static string[]? Labels(ArgumentResult result)
    {
        string[] labels = result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries);
        if (labels.Any(l => l.Length == 0) || labels.Distinct().Count() < labels.Length)
        {
            result.AddError($"--labels: '{result.Tokens[0].Value}' is not accepted, expected different words with commas between them, such as positive,negative.");
            return null;
        }

        return labels;
    }
}
