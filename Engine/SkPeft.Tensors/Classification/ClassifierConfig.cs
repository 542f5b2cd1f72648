using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SkPeft.Tensors.Classification;

/// <summary>
/// What an adapter's configuration says of its classes. Hugging Face PEFT writes <c>task_type</c> and <c>modules_to_save</c> only, and keeps
/// the names in the base model's own configuration; here the adapter may bring them itself, under the same keys: <c>id2label</c>, <c>num_labels</c>.
/// </summary>
internal sealed class ClassifierConfig
{
    private const string Task = "SEQ_CLS";
    private const string TaskKey = "task_type";
    private const string SavedKey = "modules_to_save";

    // What PEFT adds to modules_to_save of every SEQ_CLS adapter; the second is the head of this architecture.
    private static readonly string[] s_heads = ["classifier", ClassifierHead.Module];
    private static readonly string[] s_ownKeys = ["id2label", "label2id", "num_labels"];

    private readonly JsonElement _config;
    private readonly int _count;

    private ClassifierConfig(JsonElement config, IReadOnlyList<string>? labels, int count) => (_config, Labels, _count) = (config, labels, count);

    /// <summary>The names of the classes, or null where the adapter brings none.</summary>
    public IReadOnlyList<string>? Labels { get; }

    /// <summary>Whether an adapter classifies.</summary>
    public static bool IsClassifier(AdapterPackage package) =>
        package.Config.ValueKind == JsonValueKind.Object
        && package.Config.TryGetProperty(TaskKey, out JsonElement task) && task.ValueKind == JsonValueKind.String && task.ValueEquals(Task);

    /// <summary>Reads the classes.</summary>
    /// <exception cref="FileFormatException">A value has the wrong type.</exception>
    /// <exception cref="AdapterOptionException">Names are missing or not all different.</exception>
    public static ClassifierConfig Read(AdapterPackage package)
    {
        AdapterConfigReader reader = new(new AdapterPackage(package.Name, Without(package.Config, TaskKey), package.Tensors));
        IReadOnlyList<string>? labels = ReadLabels(reader, package);
        int count = reader.Integer("num_labels", labels?.Count ?? 0);
        return labels is null || count == labels.Count
            ? new ClassifierConfig(package.Config, labels, count)
            : throw Refuse(package, $"num_labels is {count}, id2label names {labels.Count} classes");
    }

    /// <summary>Compares with the head's own number of classes.</summary>
    /// <exception cref="AdapterOptionException">There are others, or one only.</exception>
    public void CheckClasses(AdapterPackage package, int classes)
    {
        if (classes < 2)
        {
            throw Refuse(package, $"the head has {classes} outputs, a regression; heads of two classes or more are supported");
        }

        if (_count != 0 && _count != classes)
        {
            throw Refuse(package, $"id2label or num_labels name {_count} classes, the head has {classes}");
        }
    }

    /// <summary>How many classes a new head gets: as many as are named, or as the head that lies beside the configuration has.</summary>
    /// <exception cref="AdapterOptionException">Nothing says it.</exception>
    public int ClassesToTrain(AdapterPackage package)
    {
        int classes = _count != 0 ? _count
            : package.Tensors.FirstOrDefault(t => t.Key.EndsWith($"{ClassifierHead.Module}.weight", StringComparison.Ordinal)).Value is { Rank: 2 } head ? head[0]
            : throw Refuse(package, "task_type is SEQ_CLS and nothing says how many classes there are; give id2label, { \"0\": \"negative\", \"1\": \"positive\" }, or num_labels");
        CheckClasses(package, classes);
        return classes;
    }

    /// <summary>The adapter as a language model's, without what belongs to the head.</summary>
    public static AdapterPackage WithoutHead(AdapterPackage package)
    {
        JsonObject config = JsonObject.Create(Without(package.Config, [TaskKey, .. s_ownKeys]))!;
        config[TaskKey] = "CAUSAL_LM";
        if (config[SavedKey] is JsonArray saved)
        {
            string[] rest = [.. saved.OfType<JsonValue>().Select(v => v.GetValueKind() == JsonValueKind.String ? v.GetValue<string>() : "").Except(s_heads)];
            config[SavedKey] = new JsonArray([.. rest.Select(r => (JsonNode)r)]);
        }

        return new AdapterPackage(package.Name, JsonSerializer.SerializeToElement(config), package.Tensors) { Task = package.Task };
    }

    /// <summary>A method's configuration with the classes put back, for a file.</summary>
    /// <param name="config">What the method exports.</param>
    /// <param name="savesModules">Whether its format has <c>modules_to_save</c>: those of Hugging Face PEFT do.</param>
    public JsonElement WithHead(JsonElement config, bool savesModules)
    {
        JsonObject complete = JsonObject.Create(config)!;
        complete[TaskKey] = Task;
        foreach (string key in s_ownKeys)
        {
            if (_config.TryGetProperty(key, out JsonElement given))
            {
                complete[key] = JsonNode.Parse(given.GetRawText());
            }
        }

        if (savesModules)
        {
            IEnumerable<string> others = complete[SavedKey] is JsonArray saved ? saved.Select(s => s!.GetValue<string>()) : [];
            complete[SavedKey] = new JsonArray([.. s_heads.Union(others).Select(n => (JsonNode)n)]);
        }

        return JsonSerializer.SerializeToElement(complete);
    }

    private static string[]? ReadLabels(AdapterConfigReader reader, AdapterPackage package)
    {
        if (reader.Get("id2label") is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String))
        {
            throw new FileFormatException(reader.File, "id2label", $"a {value.ValueKind}", "an object of names, { \"0\": \"negative\", \"1\": \"positive\" }");
        }

        Dictionary<string, string> byId = value.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
        string[] labels = [.. Enumerable.Range(0, byId.Count).Select(i => byId.GetValueOrDefault(i.ToString(CultureInfo.InvariantCulture), ""))];
        return labels.All(l => l.Length > 0) && labels.Distinct(StringComparer.Ordinal).Count() == labels.Length
            ? labels
            : throw Refuse(package, $"id2label is {value.GetRawText()}; different names for the ids 0 to {byId.Count - 1} are supported");
    }

    private static JsonElement Without(JsonElement config, params string[] keys)
    {
        JsonObject copy = [];
        foreach (JsonProperty property in config.EnumerateObject().Where(p => !keys.Contains(p.Name)))
        {
            copy[property.Name] = JsonNode.Parse(property.Value.GetRawText());
        }

        return JsonSerializer.SerializeToElement(copy);
    }

    private static AdapterOptionException Refuse(AdapterPackage package, string problem) => new(package.Name, package.PeftType, [problem]);
}
