using System.CommandLine;
using System.Text.Json.Nodes;
using SkPeft.Host.Output;
using SkPeft.Host.Training;
using SkPeft.Training.Pretraining;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft pretrain</c>: a model from scratch, all parameters.</summary>
internal static class PretrainCommand
{
    /// <summary>The verb.</summary>
    public const string Name = "pretrain";

    public static Command Create(ToolConsole console)
    {
        Argument<string> config = new("CONFIG.json") { Description = "Hugging Face's config.json of a LLaMA: the shape." };
        Option<string> tokenizer = Required("--tokenizer", "tokenizer.json", "With a tokenizer_config.json beside it that names the eos_token: documents are parted by it.");
        Option<string[]> data = new("--data")
        {
            HelpName = "FILE",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
            Description = "Texts: a .jsonl file with a field text a line, or any other file of paragraphs parted by empty lines.",
        };
        Option<string> output = Required("--out", "FOLDER", "Becomes the model, in Hugging Face's layout; a checkpoint while it runs.");
        Option<int?> window = Options.WholeOrNone("--window", "Tokens of a training window. Default: 256.", 2);
        Option<string?> options = new("--options") { HelpName = "FILE.json", Description = "Any option of 'train' for optimizer, schedule and loop." };
        Option<string?> log = new("--log") { HelpName = "FILE.jsonl", Description = "Gets one line a step." };
        Option<bool> resume = new("--resume") { Description = "Go on from the checkpoint in --out, if there is one." };
        Option<bool> json = Options.Json();
        Option[] learning = LearningFlags.Create();
        Command command = new(Name, "Train a model from scratch.") { config, tokenizer, data, output, window, options, log, resume, json };
        Array.ForEach(learning, command.Options.Add);
        command.SetAction(async (result, cancellation) =>
        {
            JsonObject values = LearningFlags.Values(result, learning);
            OptionBag bag = TrainRequest.Of(result.GetValue(config)!, values, result.GetValue(options), false).Options;
            PretrainingJob job = new()
            {
                Config = result.GetValue(config)!,
                Tokenizer = result.GetValue(tokenizer)!,
                Data = result.GetValue(data)!,
                Out = result.GetValue(output)!,
                Window = result.GetValue(window) ?? 256,
                Learning = LearningOptions.Read(bag, new()),
                Loop = LoopOptions.Read(bag, []),
                Log = result.GetValue(log),
                Resume = result.GetValue(resume),
            };
            bag.RequireKnown();
            bool asJson = result.GetValue(json);
            using TrainDisplay display = new(console, asJson);
            SkPeft.Training.TrainingResult trained = await Pretrainer.RunAsync(job, display, cancellation);
            if (asJson)
            {
                console.WriteJson(writer => TrainReport.Write(writer, trained, []));
            }
            else
            {
                console.Out.WriteLine($"{job.Out}: {trained.Outline.Parameters:N0} parameters, {trained.Steps.Count} steps, last loss {trained.Steps[^1].Loss:F4}");
            }

            return 0;
        });
        return command;
    }

    private static Option<string> Required(string name, string value, string help) => new(name) { HelpName = value, Required = true, Description = help };
}
