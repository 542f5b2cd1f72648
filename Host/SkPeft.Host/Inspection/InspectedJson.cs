using System.Text.Json;
using SkPeft.Tensors.Formats;

namespace SkPeft.Host.Inspection;

/// <summary>Everything about a file as JSON: metadata whole, vocabularies included.</summary>
internal static class InspectedJson
{
    public static void Write(Utf8JsonWriter json, Inspected inspected)
    {
        json.WriteStartObject();
        json.WriteString("path", inspected.Path);
        json.WriteString("format", inspected.Format);
        if (inspected.Gguf is { } gguf)
        {
            json.WriteNumber("version", gguf.Version);
            json.WriteNumber("alignment", gguf.Alignment);
        }

        json.WriteStartObject("metadata");
        WriteMetadata(json, inspected);
        json.WriteEndObject();
        json.WriteStartArray("tensors");
        foreach (StoredTensor tensor in inspected.Tensors)
        {
            WriteTensor(json, tensor);
        }

        json.WriteEndArray();
        json.WriteNumber("parameters", inspected.Tensors.Sum(t => t.ElementCount));
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, Inspected inspected)
    {
        foreach ((string key, GgufValue value) in inspected.Gguf?.Metadata ?? new Dictionary<string, GgufValue>())
        {
            json.WritePropertyName(key);
            GgufValueJson.Write(json, value);
        }

        foreach ((string key, string value) in inspected.HeaderStrings)
        {
            json.WriteString(key, value);
        }

        if (inspected.Config is { ValueKind: JsonValueKind.Object } config)
        {
            foreach (JsonProperty property in config.EnumerateObject().Where(p => !inspected.HeaderStrings.ContainsKey(p.Name)))
            {
                json.WritePropertyName(property.Name);
                json.WriteRawValue(property.Value.GetRawText(), skipInputValidation: true);
            }
        }
    }

    private static void WriteTensor(Utf8JsonWriter json, StoredTensor tensor)
    {
        json.WriteStartObject();
        json.WriteString("name", tensor.Name);
        json.WriteString("type", $"{tensor.Type}");
        json.WriteStartArray("shape");
        foreach (long size in tensor.Shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteNumber("bytes", tensor.ByteLength);
        json.WriteEndObject();
    }
}
