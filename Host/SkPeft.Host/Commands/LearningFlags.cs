using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace SkPeft.Host.Commands;

/// <summary>The options that all training commands share, and how options become a JSON object.</summary>
internal static class LearningFlags
{
    /// <summary>Optimiser, schedule and loop.</summary>
    public static Option[] Create() =>
    [
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
        Whole("--threads", "Worker threads. Default: the processors that this process may use.", 1),
    ];

    /// <summary>What was given on the command line: names with underscores, and nothing that was left out.</summary>
    public static JsonObject Values(ParseResult result, IEnumerable<Option> options)
    {
        JsonObject values = [];
        foreach (Option option in options.Where(o => result.GetResult(o) is { Implicit: false }))
        {
            values[option.Name[2..].Replace('-', '_')] = ValueOf(result, option);
        }

        return values;
    }

    private static JsonNode? ValueOf(ParseResult result, Option option) => option switch
    {
        Option<bool> flag => JsonValue.Create(result.GetValue(flag)),
        Option<int?> whole => JsonValue.Create(result.GetValue(whole)),
        Option<double?> number => JsonValue.Create(result.GetValue(number)),
        Option<string?> text => JsonValue.Create(result.GetValue(text)),
        _ => throw new InvalidOperationException($"{option.Name} has a type that no case is for."),
    };

    public static Option<string?> Text(string name, string value, string help) => new(name) { HelpName = value, Description = help };

    public static Option<bool> Flag(string name, string help) => new(name) { Description = help };

    public static Option<int?> Whole(string name, string help, int minimum) => Options.WholeOrNone(name, help, minimum);

    public static Option<double?> Number(string name, string value, string help, double minimum) => new(name)
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
