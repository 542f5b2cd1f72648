using System.Globalization;
using System.Text;

namespace SkPeft.Tensors.Formats;

/// <summary>The header's JSON in the spelling of the reference library (serde_json, compact).</summary>
internal static class SafetensorsHeaderText
{
    public static byte[] Of(IReadOnlyList<SafetensorsEntry> sorted, IReadOnlyDictionary<string, string>? metadata)
    {
        StringBuilder json = new("{");
        if (metadata is not null)
        {
            json.Append("\"__metadata__\":{");
            foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, Utf8Order.Instance))
            {
                AppendString(json, key).Append(':');
                AppendString(json, value).Append(',');
            }

            TrimComma(json).Append("},");
        }

        long offset = 0;
        foreach (SafetensorsEntry entry in sorted)
        {
            long end = checked(offset + entry.ByteLength);
            AppendString(json, entry.Name).Append(CultureInfo.InvariantCulture,
                $":{{\"dtype\":\"F32\",\"shape\":[{string.Join(',', entry.Shape)}],\"data_offsets\":[{offset},{end}]}},");
            offset = end;
        }

        TrimComma(json).Append('}');
        int length = Encoding.UTF8.GetByteCount(json.ToString());
        json.Append(' ', (8 - length % 8) % 8);
        return Encoding.UTF8.GetBytes(json.ToString());
    }

    private static StringBuilder TrimComma(StringBuilder json)
    {
        json.Length -= json[^1] == ',' ? 1 : 0;
        return json;
    }

    private static StringBuilder AppendString(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => json.Append(c),
            };
        }

        return json.Append('"');
    }
}
