using System.Text;
using System.Text.Json;

namespace SkPeft.Adapters.Store;

/// <summary>Checks that <c>adapter_config.json</c> is a JSON object with a <c>peft_type</c>; what else is in it is the method's business.</summary>
internal static class ConfigCheck
{
    private const long MostBytes = 4 << 20;

    public static string PeftType(FolderFile config)
    {
        using FileStream stream = config.Open();
        if (stream.Length > MostBytes)
        {
            throw new FileFormatException(config.FullPath, "size", $"{stream.Length} bytes", $"a configuration of at most {MostBytes} bytes");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(stream);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new FileFormatException(config.FullPath, "document", root.ValueKind.ToString(), "a JSON object");
            }

            return root.TryGetProperty("peft_type", out JsonElement type) && type.ValueKind == JsonValueKind.String && type.GetString() is { Length: > 0 } name
                ? name
                : throw new FileFormatException(config.FullPath, "peft_type",
                    type.ValueKind == JsonValueKind.Undefined ? "nothing" : type.GetRawText(), "a string such as \"LORA\"");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            throw new FileFormatException(config.FullPath, "document", e.Message, "a JSON object", e);
        }
    }
}
