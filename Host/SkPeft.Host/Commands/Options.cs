using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SkPeft.Tensors.Kernels;

namespace SkPeft.Host.Commands;

/// <summary>Options that several commands share. Ranges are checked while parsing, so that a bad value is wrong usage.</summary>
internal static class Options
{
    public static Argument<string> Model() => new("MODEL") { Description = "A GGUF file, or a folder in Hugging Face's layout." };

    public static Option<string?> Adapter() => new("--adapter")
    {
        HelpName = "ADAPTER",
        Description = "A folder as HF PEFT saves it, or a reference into the store: name, name@3, name@alias, or several that act together: name+other*0.5. A folder wins where both exist.",
    };

    public static Option<string?> Store() => new("--store")
    {
        HelpName = "DIR",
        Description = "The adapter store. Default: skpeft/adapters in your data folder.",
    };

    public static Option<int?> TaskId() => WholeOrNone("--task-id", "The task to serve, where the adapter was trained on several (a multitask prompt).", 0);

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document on stdout and nothing else there." };

    public static Option<int> Whole(string name, string help, int fallback, int minimum, int maximum = int.MaxValue) => new(name)
    {
        HelpName = "N",
        Description = help,
        DefaultValueFactory = _ => fallback,
        CustomParser = result => Whole(result, name, minimum, maximum) ?? fallback,
    };

    public static Option<int?> WholeOrNone(string name, string help, int minimum, int maximum = int.MaxValue) => new(name)
    {
        HelpName = "N",
        Description = help,
        CustomParser = result => Whole(result, name, minimum, maximum),
    };

    public static Option<float> Number(string name, string letter, string help, float fallback, Func<float, bool> fits, string expected) => new(name)
    {
        HelpName = letter,
        Description = help,
        DefaultValueFactory = _ => fallback,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && fits(value))
            {
                return value;
            }

            result.AddError($"{name}: '{text}' is not accepted, expected {expected}.");
            return fallback;
        },
    };

    public static Option<Precision> PrecisionOf(Precision fallback) => new("--precision")
    {
        HelpName = "exact|fast|int8",
        Description = PrecisionNames.Meaning,
        DefaultValueFactory = _ => fallback,
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (PrecisionNames.Read(text) is { } precision)
            {
                return precision;
            }

            result.AddError($"--precision: '{text}' is not accepted, expected {PrecisionNames.Expected}.");
            return fallback;
        },
    };

    public static Option<string> Methods(string fallback) => new("--methods")
    {
        HelpName = "A,B", Description = "The adapters' methods, in turn; name=adapter_config.json gives one a configuration.", DefaultValueFactory = _ => fallback,
    };

    public static Option<int?> Threads() => WholeOrNone("--threads", "Worker threads. Default: the processors that this process may use, at most 16.", 1, 256);

    public static int? Whole(ArgumentResult result, string name, int minimum, int maximum)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum && value <= maximum)
        {
            return value;
        }

        string range = maximum == int.MaxValue ? $"{minimum} or more" : $"{minimum} to {maximum}";
        result.AddError($"{name}: '{text}' is not accepted, expected a whole number, {range}.");
        return null;
    }
}
