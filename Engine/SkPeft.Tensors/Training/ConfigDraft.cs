using System.Text.Json;
using System.Text.Json.Nodes;

namespace SkPeft.Tensors.Training;

/// <summary>A configuration on its way into a file: what the user gave, completed by the method's defaults.</summary>
public sealed class ConfigDraft
{
    private readonly JsonObject _json;

    /// <summary>Starts from the configuration of a request; <c>inference_mode</c> becomes true, as it is in every saved adapter.</summary>
    /// <param name="request">The run.</param>
    public ConfigDraft(TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        _json = JsonObject.Create(request.Package.Config)!;
        _json["inference_mode"] = true;
        Default("task_type", "CAUSAL_LM");
    }

    /// <summary>Gives a key its default where it is missing or null.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The default.</param>
    public ConfigDraft Default(string key, JsonNode? value)
    {
        if (_json[key] is null)
        {
            _json[key] = value;
        }

        return this;
    }

    /// <summary>Gives every key that a reader found missing the default that it took.</summary>
    /// <param name="reader">The reader, when it has read everything.</param>
    public ConfigDraft Complete(AdapterConfigReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        foreach ((string key, object value) in reader.Defaults)
        {
            Default(key, JsonSerializer.SerializeToNode(value));
        }

        return this;
    }

    /// <summary>The text under a key, or "" where it has another type: what depends on it is completed, and the method's reader complains.</summary>
    /// <param name="key">The key.</param>
    public string Text(string key) => _json[key] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";

    /// <summary>Sets a key, whatever it was.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    public ConfigDraft Set(string key, JsonNode? value)
    {
        _json[key] = value;
        return this;
    }

    /// <summary>The configuration as it is now.</summary>
    public JsonElement ToElement() => JsonSerializer.SerializeToElement(_json);

    /// <summary>An adapter's package with this configuration and no tensors: for a method's own config reader.</summary>
    /// <param name="name">The adapter, for messages.</param>
    public AdapterPackage ToPackage(string name) => new(name, ToElement(), new Dictionary<string, Tensor>());
}
