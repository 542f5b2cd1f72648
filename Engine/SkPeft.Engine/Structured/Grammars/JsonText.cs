using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SkPeft.Engine.Structured.Grammars;

/// <summary>JSON values in the one spelling that the grammar has for them: escapes only where JSON demands one.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="value">Anything but an array or object.</param>
    public static string Of(JsonElement value) => value.ValueKind == JsonValueKind.String ? Of(value.GetString()!) : value.GetRawText();

    public static string Of(string text)
    {
        StringBuilder spelled = new("\"");
        foreach (Rune rune in text.EnumerateRunes())
        {
            // The serialiser would also escape some characters that need none.
            spelled.Append(rune.Value is '"' or '\\' or < 0x20 ? JsonSerializer.Serialize(rune.ToString(), s_options)[1..^1] : rune.ToString());
        }

        return spelled.Append('"').ToString();
    }
}
