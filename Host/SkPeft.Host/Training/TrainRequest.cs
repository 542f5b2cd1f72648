using System.Text.Json.Nodes;
using SkPeft.Host.Inputs;
using SkPeft.Host.Output;

namespace SkPeft.Host.Training;

/// <summary>What <c>train</c> was asked for.</summary>
/// <param name="Model">The file or folder.</param>
/// <param name="Options">All options: of the command line, and of <c>--options</c> where it says nothing.</param>
/// <param name="Json">Whether one JSON document is wanted.</param>
internal sealed record TrainRequest(string Model, OptionBag Options, bool Json)
{
    /// <summary>Lays the options of the command line over those of a file.</summary>
    /// <param name="model">The file or folder.</param>
    /// <param name="given">The options of the command line; keys are their names with underscores.</param>
    /// <param name="file">The file, or null.</param>
    /// <param name="json">Whether one JSON document is wanted.</param>
    public static TrainRequest Of(string model, JsonObject given, string? file, bool json)
    {
        JsonObject options = [];
        if (file is not null)
        {
            System.Text.Json.JsonElement read = JsonInput.Read(file);
            options = read.ValueKind == System.Text.Json.JsonValueKind.Object ? JsonObject.Create(read)!
                : throw new FileFormatException(file, "content", JsonInput.Describe(read), "an object of options");
        }

        if (given.ContainsKey("steps") || given.ContainsKey("epochs"))
        {
            // Whichever of the two the command line names counts.
            options.Remove("steps");
            options.Remove("epochs");
        }

        foreach ((string key, JsonNode? value) in given)
        {
            options[key] = value?.DeepClone();
        }

        return new TrainRequest(model, new OptionBag(file ?? "options", options), json);
    }
}

/// <summary>What becomes of the adapters of a run in a store.</summary>
/// <param name="Store">The store's folder, or null for the user's own.</param>
/// <param name="Names">The adapters' names there, in the order of the run.</param>
/// <param name="Promote">The alias that is to name the new versions, or null.</param>
/// <param name="Metric">The measure that must be better than that of the version the alias names; null: no condition.</param>
/// <param name="StandardErrors">By how many standard errors of the difference.</param>
internal sealed record StoreRequest(string? Store, IReadOnlyList<string> Names, string? Promote, string? Metric, double StandardErrors)
{
    /// <summary>Reads it, or gives null where no store is named.</summary>
    public static StoreRequest? Read(OptionBag options)
    {
        string? store = options.Text("store"), name = options.Text("name"), promote = options.Text("promote"), metric = options.Text("if_better");
        double errors = options.Number("standard_errors", 0) ?? 0;
        if (store is null)
        {
            return (promote ?? metric) is null ? null : throw new UsageException("--promote and --if-better go with --store and --name.");
        }

        if (name is null)
        {
            throw new UsageException("--store goes with --name, the adapter's name in the store.");
        }

        if (metric is not null && promote is null)
        {
            throw new UsageException("--if-better goes with --promote, the alias that the better version gets.");
        }

        return metric is null or "accuracy" or "loss"
            ? new StoreRequest(store, NamesOf(options, name), promote is null ? null : AdapterReference.CheckAlias(promote), metric, errors)
            : throw new UsageException($"--if-better: '{metric}' is not accepted, expected accuracy or loss.");
    }

    // Before the run: an adapter without a name would be trained and then left out.
    private static string[] NamesOf(OptionBag options, string first)
    {
        IReadOnlyList<OptionBag> others = options.Objects("with");
        string[] nameless = [.. others.Where(o => o.Text("name") is null).Select(Described)];
        return nameless.Length == 0
            ? [AdapterReference.CheckName(first), .. others.Select(o => AdapterReference.CheckName(o.Text("name")!))]
            : throw new UsageException(
                $"--store takes every adapter of the run, and {string.Join(", ", nameless)} {(nameless.Length == 1 ? "has" : "have")} no name there: give each a \"name\" beside its \"out\".");
    }

    private static string Described(OptionBag adapter)
    {
        string[] known = [.. new[] { adapter.Text("method"), adapter.Text("out") is { } to ? $"out {to}" : null }.OfType<string>()];
        return $"{adapter.Path}{(known.Length == 0 ? "" : $" ({string.Join(", ", known)})")}";
    }
}
