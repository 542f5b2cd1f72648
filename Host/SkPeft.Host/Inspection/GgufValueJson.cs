using System.Text.Json;
using SkPeft.Host.Output;
using SkPeft.Tensors.Formats;

namespace SkPeft.Host.Inspection;

/// <summary>A value of GGUF metadata as JSON.</summary>
internal static class GgufValueJson
{
    public static void Write(Utf8JsonWriter json, GgufValue value)
    {
        switch (value.Type)
        {
            case GgufValueType.String:
                json.WriteStringValue(value.AsString());
                break;
            case GgufValueType.Bool:
                json.WriteBooleanValue(value.AsBool());
                break;
            case GgufValueType.Float32:
                Single(json, (float)value.AsDouble());
                break;
            case GgufValueType.Float64:
                JsonText.Number(json, value.AsDouble());
                break;
            case GgufValueType.UInt64:
                json.WriteNumberValue(ulong.Parse(value.ToString()));
                break;
            case GgufValueType.Array:
                WriteArray(json, value);
                break;
            default:
                json.WriteNumberValue(value.AsInt64());
                break;
        }
    }

    private static void WriteArray(Utf8JsonWriter json, GgufValue value)
    {
        switch (value.ElementType)
        {
            case GgufValueType.String:
                WriteAll(json, value.AsStringArray(), json.WriteStringValue);
                break;
            case GgufValueType.Float32 or GgufValueType.Float64:
                WriteAll(json, value.AsSingleArray(), number => Single(json, number));
                break;
            case GgufValueType.Bool or GgufValueType.Array:
                // Nothing of ours reads these: their type and length.
                json.WriteStringValue(value.ToString());
                break;
            default:
                WriteAll(json, value.AsInt64Array(), json.WriteNumberValue);
                break;
        }
    }

    private static void WriteAll<T>(Utf8JsonWriter json, T[] values, Action<T> write)
    {
        json.WriteStartArray();
        Array.ForEach(values, write);
        json.WriteEndArray();
    }

    // The shortest text that is this float, not the double that is nearest to it.
    private static void Single(Utf8JsonWriter json, float value)
    {
        if (float.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteStringValue(value.ToString());
        }
    }
}
