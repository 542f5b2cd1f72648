using System.Text.Json;
using System.Text.Json.Serialization;
using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Requests;

/// <summary>Labels in JSON: a map from classes to their words; read from a list of words as well.</summary>
internal sealed class LabelsConverter : JsonConverter<IReadOnlyList<SkillLabel>>
{
    public override IReadOnlyList<SkillLabel> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        LabelReader.Read(PropertyNames.Labels, JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<SkillLabel> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (SkillLabel label in value)
        {
            writer.WriteStartArray(label.Name);
            foreach (string word in label.Words)
            {
                writer.WriteStringValue(word);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
