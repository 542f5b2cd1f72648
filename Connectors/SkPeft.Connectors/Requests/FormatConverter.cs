using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace SkPeft.Connectors.Requests;

/// <summary>The form of an answer in JSON; see <see cref="FormatConversion"/>.</summary>
internal sealed class FormatConverter : JsonConverter<ChatResponseFormat>
{
    public override ChatResponseFormat Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        FormatConversion.Read(SettingNames.ResponseFormat, JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, ChatResponseFormat value, JsonSerializerOptions options) => FormatConversion.Write(value).WriteTo(writer);
}
