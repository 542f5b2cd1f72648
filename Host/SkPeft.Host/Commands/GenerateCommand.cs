using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SkPeft.Engine.Sampling;
using SkPeft.Host.Generation;
using SkPeft.Host.Models;
using SkPeft.Host.Output;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft generate</c>: continues one prompt.</summary>
internal static class GenerateCommand
{
    private const int DefaultTokens = 256;

    public static Command Create(ToolConsole console)
    {
        Argument<string> model = Options.Model();
        Option<string?> prompt = new("--prompt")
        {
            HelpName = "TEXT",
            Description = "Raw text. Special tokens written in it are those tokens; a BOS token comes first only where the tokenizer says so.",
        };
        Option<int[]?> ids = new("--ids") { HelpName = "1,2,3", Description = "The prompt as token ids; nothing is added.", CustomParser = Ids };
        Option<string?> messages = new("--messages") { HelpName = "FILE.json", Description = "A conversation: [ { \"role\", \"content\" }, … ], written by the model's chat template." };
        Option<string?> adapter = Options.Adapter(), store = Options.Store();
        Option<int?> task = Options.TaskId();
        Option<int> maxTokens = Options.Whole("--max-tokens", "Most tokens to generate.", DefaultTokens, 1);
        Option<float> temperature = Options.Number("--temperature", "T", "0 is greedy.", 0, v => v is >= 0 and <= 100, "0 to 100");
        Option<int> topK = Options.Whole("--top-k", "Draw from the K most probable tokens; 0: all.", 0, 0);
        Option<float> topP = Options.Number("--top-p", "P", "Draw from the most probable tokens that reach P together.", 1, v => v is > 0 and <= 1, "above 0 and at most 1");
        Option<long?> seed = new("--seed") { HelpName = "S", Description = "Same seed, same text.", CustomParser = Seed };
        Option<string[]> stop = new("--stop") { HelpName = "TEXT", Description = "Ends the answer, and is not part of it. May be given several times.", Arity = ArgumentArity.OneOrMore };
        Option<int> lookup = Options.Whole("--prompt-lookup", "Tokens to guess at a time from what the text repeats; the same answer, faster where it repeats its prompt.", 0, 0, 16);
        Option<Precision> precision = Options.PrecisionOf(Precision.Fast);
        Option<int?> threads = Options.Threads();
        Option<bool> json = Options.Json();
        Command command = new("generate", "Continue a prompt.")
        {
            model, prompt, ids, messages, adapter, store, task, maxTokens, temperature, topK, topP, seed, stop, lookup, precision, threads, json,
        };
        command.Validators.Add(result =>
        {
            int given = new Option[] { prompt, ids, messages }.Count(o => result.GetResult(o) is not null);
            if (given != 1)
            {
                result.AddError($"Give one of --prompt, --ids and --messages; {(given == 0 ? "none" : "several")} found.");
            }
        });
        stop.Validators.Add(result =>
        {
            if (result.Tokens.Any(t => t.Value.Length == 0))
            {
                result.AddError("--stop: an empty text would end every answer at once; expected at least one character.");
            }
        });
        command.SetAction((result, cancellation) => new Generator(console).RunAsync(new GenerateRequest
        {
            Session = new SessionOptions(result.GetValue(model)!, result.GetValue(precision), result.GetValue(adapter), result.GetValue(store), result.GetValue(threads), result.GetValue(task)),
            Prompt = result.GetValue(prompt),
            // An array that was not given would be an empty one.
            Ids = result.GetResult(ids) is null ? null : result.GetValue(ids),
            Messages = result.GetValue(messages),
            MaxTokens = result.GetValue(maxTokens),
            Sampling = new SamplingOptions
            {
                Temperature = result.GetValue(temperature),
                TopK = result.GetValue(topK),
                TopP = result.GetValue(topP),
                Seed = result.GetValue(seed),
            },
            Stop = result.GetValue(stop) ?? [],
            PromptLookup = result.GetValue(lookup),
            Json = result.GetValue(json),
        }, cancellation));
        return command;
    }

    private static int[]? Ids(ArgumentResult result)
    {
        List<int> ids = [];
        foreach (string part in result.Tokens[0].Value.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int id))
            {
                result.AddError($"--ids: '{part}' is not a token id, expected whole numbers with commas between them, such as 1,2,3.");
                return null;
            }

            ids.Add(id);
        }

        return [.. ids];
    }

    private static long? Seed(ArgumentResult result)
    {
        if (long.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seed))
        {
            return seed;
        }

        result.AddError($"--seed: '{result.Tokens[0].Value}' is not accepted, expected a whole number.");
        return null;
    }
}
