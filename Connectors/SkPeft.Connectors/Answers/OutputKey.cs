using System.Text;
using System.Text.Json;
using SkPeft.Engine.Structured;

namespace SkPeft.Connectors.Answers;

/// <summary>A text that is equal for equal forms of answers.</summary>
internal static class OutputKey
{
    public static string Of(OutputPart part)
    {
        StringBuilder key = new();
        Write(part, key);
        return key.ToString();
    }

    private static void Write(OutputPart part, StringBuilder key)
    {
        key.Append(part.GetType().Name).Append('(');
        switch (part)
        {
            case LiteralPart literal:
                key.Append(JsonSerializer.Serialize(literal.Text));
                break;
            case TextPart text:
                key.Append(JsonSerializer.Serialize(text.Before)).Append(text.Until).Append(JsonSerializer.Serialize(text.NotFirst));
                break;
            case JsonPart json:
                key.Append(JsonSerializer.Serialize(json.Name)).Append(json.Schema.GetRawText());
                break;
            case SequencePart sequence:
                WriteAll(sequence.Items, key);
                break;
            case ChoicePart choice:
                WriteAll(choice.Items, key);
                break;
            case RepeatPart repeat:
                WriteAll(repeat.Separator is { } separator ? [repeat.Item, separator] : [repeat.Item], key);
                break;
        }

        key.Append(')');
    }

    private static void WriteAll(IEnumerable<OutputPart> parts, StringBuilder key)
    {
        foreach (OutputPart part in parts)
        {
            Write(part, key);
        }
    }
}
