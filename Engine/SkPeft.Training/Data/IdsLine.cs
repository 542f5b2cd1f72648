using System.Text.Json;

namespace SkPeft.Training.Data;

/// <summary><c>{ "ids": [...], "prompt_len": n }</c>, or <c>{ "ids": [...], "label": 2 }</c> for a classifier: no tokenizer is needed.</summary>
internal sealed class IdsLine(TrainingData data, int vocabulary, ExampleNeeds needs, LineLabel label) : ILineReader
{
    /// <summary>The field with the tokens.</summary>
    public const string Field = "ids";

    /// <summary>The field that says how many of them are the prompt.</summary>
    public const string LengthField = "prompt_len";

    public Example Read(DataLine line)
    {
        int[] ids = Ids(line);
        if (needs.ClassesOnly)
        {
            return new Example { Line = line.Number, Passages = [new Passage(ids, line.Find(LengthField) is null ? ids.Length : Length(line, ids), ids.Length)], Class = label.Require(line) };
        }

        int length = Length(line, ids);
        if (length == ids.Length && !data.LossOnAll)
        {
            throw new UnusableLineException($"the completion is empty: 'prompt_len' is {length}, and there are {length} ids.");
        }

        return new Example { Line = line.Number, Passages = [Passage.Of(ids[..length], ids[length..], data.LossOnAll)] };
    }

    private int[] Ids(DataLine line)
    {
        JsonElement list = line.Find(Field) ?? throw line.Error($"there is no field '{Field}'.");
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            throw line.Error($"'{Field}' is {(list.ValueKind == JsonValueKind.Array ? "empty" : JsonParsing.Describe(list))}, expected a list of token ids.");
        }

        int[] ids = new int[list.GetArrayLength()];
        int at = 0;
        foreach (JsonElement value in list.EnumerateArray())
        {
            ids[at] = value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int id) && id < vocabulary && (id >= 0 || needs.SlotsUnknown || id >= -(needs.Slots?.Count ?? 0))
                ? id
                : throw line.Error($"'{Field}[{at}]' is {JsonParsing.Describe(value)}, expected a token of the vocabulary, 0 to {vocabulary - 1}.");
            at++;
        }

        return ids;
    }

    private int Length(DataLine line, int[] ids)
    {
        if (line.Find(LengthField) is not { } value)
        {
            return data.LossOnAll ? 1 : throw line.Error($"there is no field '{LengthField}'; expected how many of the ids are the prompt, 1 to {ids.Length - 1}.");
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int length) && length >= 1 && length <= ids.Length
            ? length
            : throw line.Error($"'{LengthField}' is {JsonParsing.Describe(value)}, expected 1 to {ids.Length - 1}, for {ids.Length} ids.");
    }
}
