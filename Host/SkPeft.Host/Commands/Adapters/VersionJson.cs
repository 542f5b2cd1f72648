using System.Text.Json;

namespace SkPeft.Host.Commands.Adapters;

/// <summary>A stored version as JSON.</summary>
internal static class VersionJson
{
    /// <summary>Writes the properties into an object that is open.</summary>
    public static void WriteProperties(Utf8JsonWriter json, AdapterVersion version)
    {
        json.WriteString("reference", version.Reference);
        json.WriteString("name", version.Name);
        json.WriteNumber("version", version.Number);
        json.WriteString("digest", version.Digest);
        json.WriteString("peft_type", version.PeftType);
        json.WriteNumber("bytes", version.Bytes);
        json.WriteString("added", version.Added);
        if (version.Base is not { } model)
        {
            json.WriteNull("base");
            return;
        }

        json.WriteStartObject("base");
        json.WriteString("shapes", model.Shapes);
        json.WriteString("tokenizer", model.Tokenizer);
        json.WriteString("weights", model.Weights);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, AdapterVersion version)
    {
        json.WriteStartObject();
        WriteProperties(json, version);
        json.WriteEndObject();
    }
}
