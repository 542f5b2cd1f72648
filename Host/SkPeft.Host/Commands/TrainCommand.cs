using System.CommandLine;
using System.Text.Json.Nodes;
using SkPeft.Host.Output;
using SkPeft.Host.Training;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft train</c>: an adapter of any method, from a JSONL file.</summary>
internal static class TrainCommand
{
    /// <summary>The exit code where the new version was not better, and everything is as it was.</summary>
    public const int NotBetter = 3;

    /// <summary>The verb.</summary>
    public const string Name = "train";

    public static Command Create(ToolConsole console)
    {
        Argument<string> model = Options.Model();
        Option<string?> options = LearningFlags.Text("--options", "FILE.json", "More options; those of the command line count where both are given. Unknown ones are errors that list the known.");
        Option<bool> json = Options.Json();
        Option[] given =
        [
            .. LearningFlags.Create(),
            LearningFlags.Text("--method", "NAME|PEFT_TYPE", "The method, in any case: lora, prefix-tuning, iapt, P_TUNING, … (skpeft plugins)."),
            LearningFlags.Text("--config", "adapter_config.json", "The method's options. Frozen tensors are taken from the adapter_model.safetensors beside it."),
            LearningFlags.Text("--data", "FILE.jsonl", "The lines to learn from: fields for --prompt and --completion, messages for --chat, or ids with prompt_len; task_id for multitask methods."),
            LearningFlags.Text("--prompt", "TEXT", "The prompt: {field} or {field[0]} is the line's field, trimmed; \\n is a line break. No BOS is added."),
            LearningFlags.Text("--completion", "TEXT", "What is to be learned behind it, tokenised apart; fields as in --prompt."),
            LearningFlags.Flag("--chat", "Lines are conversations for the model's chat template; the loss is on the assistant's turns."),
            LearningFlags.Text("--out", "FOLDER", "Gets adapter_config.json, adapter_model.safetensors, state.safetensors, curve.svg and run.jsonl; a checkpoint while it runs."),
            LearningFlags.Text("--init", "STATE.safetensors", "Start from these trainable tensors, by their training names."),
            LearningFlags.Text("--eval", "FILE.jsonl", "Held-out lines."),
            LearningFlags.Whole("--eval-every", "Steps between evaluations. Default: one at the end.", 1),
            LearningFlags.Text("--labels", "a,b", "The classes: accuracy is measured, else the mean negative log-likelihood."),
            LearningFlags.Text("--log", "FILE.jsonl", "Gets one line a step: { \"step\", \"loss\", \"lr\", \"tokens\", \"seconds\" }."),
            LearningFlags.Flag("--resume", "Go on from the checkpoint in --out, if there is one; the curve is that of an uninterrupted run."),
            LearningFlags.Text("--store", "DIR", "A store that gets the adapter, under --name; adapters of \"with\" under names of their own."),
            LearningFlags.Text("--name", "NAME", "The adapter's name."),
            LearningFlags.Text("--promote", "ALIAS", "The alias that the new version gets."),
            LearningFlags.Text("--if-better", "accuracy|loss", $"Add and promote only if it beats what the alias names now, on the --eval lines. Else nothing changes and the exit code is {NotBetter}."),
        ];
        Command command = new(Name, "Train an adapter on a frozen model.") { model, options, json };
        Array.ForEach(given, command.Options.Add);
        command.SetAction((result, cancellation) =>
        {
            JsonObject values = LearningFlags.Values(result, given);
            TrainRequest request = TrainRequest.Of(result.GetValue(model)!, values, result.GetValue(options), result.GetValue(json));
            return new TrainRunner(console, request).RunAsync(cancellation);
        });
        return command;
    }
}
