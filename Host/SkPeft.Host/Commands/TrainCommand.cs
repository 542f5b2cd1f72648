using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using SkPeft.Host.Output;
using SkPeft.Host.Training;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft train</c>: an adapter of any method, from a JSONL file.</summary>
internal static class TrainCommand
{
    /// <summary>The exit code where the new version was not better, and everything is as it was.</summary>
    public const int NotBetter = 3;

    public static Command Create(ToolConsole console)
    {
        Argument<string> model = Options.Model();
        Option<string?> options = Text("--options", "FILE.json", "More options; those of the command line count where both are given. Unknown ones are errors that list the known.");
        Option<bool> json = Options.Json();
        Option[] given =
        [
            Text("--method", "NAME|PEFT_TYPE", "The method, in any case: lora, prefix-tuning, iapt, P_TUNING, … (skpeft plugins)."),
            Text("--config", "adapter_config.json", "The method's options. Frozen tensors are taken from the adapter_model.safetensors beside it."),
            Text("--data", "FILE.jsonl", "The lines to learn from: fields for --prompt and --completion, messages for --chat, or ids with prompt_len; task_id for multitask methods."),
            Text("--prompt", "TEXT", "The prompt: {field} or {field[0]} is the line's field, trimmed; \\n is a line break. No BOS is added."),
            Text("--completion", "TEXT", "What is to be learned behind it, tokenised apart; fields as in --prompt."),
            Flag("--chat", "Lines are conversations for the model's chat template; the loss is on the assistant's turns."),
            Text("--out", "FOLDER", "Gets adapter_config.json, adapter_model.safetensors, state.safetensors and curve.svg; a checkpoint while it runs."),
            Text("--init", "STATE.safetensors", "Start from these trainable tensors, by their training names."),
            Whole("--batch", "Lines a step. Default: 8.", 1),
            Whole("--steps", "Steps. Default: one epoch.", 1),
            Number("--epochs", "N", "How often all lines are used.", 0),
            Number("--lr", "X", "The learning rate. Default: 0.001.", 0),
            Text("--schedule", "constant|linear|cosine", "How the rate runs. Default: constant."),
            Whole("--warmup", "Steps in which the rate rises from 0. Default: 0.", 0),
            Number("--weight-decay", "X", "Default: 0.", 0),
            Number("--clip", "X", "The longest that all gradients together may be; 0: no limit, the default.", 0),
            Text("--optimizer", "adamw|adafactor|sgd", "Default: adamw."),
            Text("--order", "file|shuffle", "file (the default): step k uses lines [k·batch, k·batch + batch), from the start again when they run out."),
            Whole("--seed", "Same seed, same run, bit for bit on the same machine. Default: 0.", int.MinValue),
            Text("--eval", "FILE.jsonl", "Held-out lines."),
            Whole("--eval-every", "Steps between evaluations. Default: one at the end.", 1),
            Text("--labels", "a,b", "The classes: accuracy is measured, else the mean negative log-likelihood."),
            Text("--log", "FILE.jsonl", "Gets one line a step: { \"step\", \"loss\", \"lr\", \"tokens\", \"seconds\" }."),
            Flag("--resume", "Go on from the checkpoint in --out, if there is one; the curve is that of an uninterrupted run."),
            Text("--store", "DIR", "A store that gets the adapter, under --name."),
            Text("--name", "NAME", "The adapter's name."),
            Text("--promote", "ALIAS", "The alias that the new version gets."),
            Text("--if-better", "accuracy|loss", $"Add and promote only if it beats what the alias names now, on the --eval lines. Else nothing changes and the exit code is {NotBetter}."),
            Whole("--threads", "Worker threads. Default: the processors that this process may use.", 1),
        ];
        Command command = new("train", "Train an adapter on a frozen model.") { model, options, json };
        Array.ForEach(given, command.Options.Add);
        command.SetAction((result, cancellation) =>
        {
            JsonObject values = [];
            foreach (Option option in given)
            {
                if (result.GetResult(option) is { Implicit: false })
                {
                    values[option.Name[2..].Replace('-', '_')] = ValueOf(result, option);
                }
            }

            TrainRequest request = TrainRequest.Of(result.GetValue(model)!, values, result.GetValue(options), result.GetValue(json));
            return new TrainRunner(console, request).RunAsync(cancellation);
        });
        return command;
    }

    private static JsonNode? ValueOf(ParseResult result, Option option) => option switch
    {
        Option<bool> flag => JsonValue.Create(result.GetValue(flag)),
        Option<int?> whole => JsonValue.Create(result.GetValue(whole)),
        Option<double?> number => JsonValue.Create(result.GetValue(number)),
        Option<string?> text => JsonValue.Create(result.GetValue(text)),
        _ => throw new InvalidOperationException($"{option.Name} has a type that no case is for."),
    };

    private static Option<string?> Text(string name, string value, string help) => new(name) { HelpName = value, Description = help };

    private static Option<bool> Flag(string name, string help) => new(name) { Description = help };

    private static Option<int?> Whole(string name, string help, int minimum) => Options.WholeOrNone(name, help, minimum);

    private static Option<double?> Number(string name, string value, string help, double minimum) => new(name)
    {
        HelpName = value,
        Description = help,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) && number >= minimum)
            {
                return number;
            }

            result.AddError($"{name}: '{text}' is not accepted, expected a number, {minimum} or more.");
            return null;
        },
    };
}
