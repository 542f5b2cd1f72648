using System.Text.Json;
using System.Text.Json.Serialization;

namespace SkPeft.Http.Answers;

/// <summary>The usage in a stream that was asked for it: null in every event but the last one. Without it an event has no such field.</summary>
[JsonConverter(typeof(Converter))]
internal sealed record StreamUsage(Usage? Value)
{
    /// <summary>What an event of a stream says of its usage.</summary>
    /// <param name="asked">Whether the client wants it.</param>
    /// <param name="value">The usage; null before the end.</param>
    public static StreamUsage? Of(bool asked, Usage? value) => asked ? new StreamUsage(value) : null;

    private sealed class Converter : JsonConverter<StreamUsage>
    {
        public override StreamUsage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<Usage>(ref reader, options));

        public override void Write(Utf8JsonWriter writer, StreamUsage value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}
