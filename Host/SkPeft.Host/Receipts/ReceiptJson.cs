using System.Text.Json;
using SkPeft.Connectors.Receipts;
using SkPeft.Host.Output;

namespace SkPeft.Host.Receipts;

/// <summary>A receipt as JSON.</summary>
internal static class ReceiptJson
{
    public static void Write(Utf8JsonWriter json, string name, Receipt? receipt)
    {
        json.WritePropertyName(name);
        if (receipt is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("adapter", receipt.Adapter);
        WriteVersion(json, receipt.Version);
        json.WriteString("digest", receipt.Digest);
        json.WriteString("method", receipt.Method);
        JsonText.Strings(json, "modules", receipt.Modules);
        json.WriteNumber("modules_matched", receipt.Modules.Count);
        WritePlugin(json, receipt.Plugin);
        WriteParts(json, receipt.Parts);
        json.WriteString("skill", receipt.Skill);
        json.WriteString("route", receipt.Route);
        json.WriteString("model", receipt.Model);
        JsonText.Strings(json, "warnings", receipt.Warnings);
        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, IReadOnlyList<ReceiptPart> parts)
    {
        json.WriteStartArray("parts");
        foreach (ReceiptPart part in parts)
        {
            json.WriteStartObject();
            json.WriteString("adapter", part.Adapter);
            json.WriteNumber("version", part.Version);
            json.WriteString("digest", part.Digest);
            json.WriteString("method", part.Method);
            json.WriteNumber("weight", part.Weight);
            json.WriteNumber("modules_matched", part.Modules);
            WritePlugin(json, part.Plugin);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteVersion(Utf8JsonWriter json, int? version)
    {
        if (version is { } number)
        {
            json.WriteNumber("version", number);
        }
        else
        {
            json.WriteNull("version");
        }
    }

    private static void WritePlugin(Utf8JsonWriter json, PluginIdentity? plugin)
    {
        if (plugin is null)
        {
            json.WriteNull("plugin");
            return;
        }

        json.WriteStartObject("plugin");
        json.WriteString("name", plugin.Name);
        json.WriteString("version", plugin.Version);
        json.WriteString("sha256", plugin.Sha256);
        json.WriteNumber("generation", plugin.Generation);
        json.WriteEndObject();
    }
}
