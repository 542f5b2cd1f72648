using System.Text.Json;
using SkPeft.Engine.Models.Saving;
using SkPeft.Engine.Tokenization;
using SkPeft.Host.Output;
using SkPeft.Tensors.Formats;

namespace SkPeft.Host.Conversion;

/// <summary>What became of a conversion.</summary>
internal sealed record ConversionReport(string File, TensorType Type, IReadOnlyList<WrittenTensor> Tensors, GgufVocabulary? Vocabulary)
{
    private long Parameters => Tensors.Sum(t => t.Shape.Aggregate(1L, (a, b) => a * b));

    private WrittenTensor[] Fallbacks => [.. Tensors.Where(t => t.FellBack)];

    public void Write(ToolConsole console)
    {
        if (Fallbacks is { Length: > 0 } others)
        {
            string names = string.Join(", ", others.Select(t => t.Name));
            console.Error.WriteLine(
                $"skpeft: the rows of {others.Length} tensors are no whole number of blocks of {Type.BlockSize()}; they are {others[0].Type}: {names}.");
        }

        string tokenizer = Vocabulary is null ? "no tokenizer: token ids only" : $"tokenizer {Vocabulary.Model} ({Vocabulary.Pre}), {Vocabulary.Tokens.Count} tokens";
        console.Out.WriteLine(
            $"{File}: {Tensors.Count} tensors, {Parameters} weights, {Tensors.Sum(t => t.Bytes) / 1e6:F1} MB as {Type}; {tokenizer}");
    }

    public void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("file", File);
        json.WriteString("type", TypeNames.Of(Type));
        json.WriteNumber("tensors", Tensors.Count);
        json.WriteNumber("parameters", Parameters);
        json.WriteNumber("bytes", Tensors.Sum(t => t.Bytes));
        json.WriteStartArray("fallbacks");
        foreach (WrittenTensor tensor in Fallbacks)
        {
            json.WriteStartObject();
            json.WriteString("name", tensor.Name);
            json.WriteString("type", TypeNames.Of(tensor.Type));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("tokenizer");
        WriteTokenizer(json);
        json.WriteEndObject();
    }

    private void WriteTokenizer(Utf8JsonWriter json)
    {
        if (Vocabulary is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteString("model", Vocabulary.Model);
        json.WriteString("pre", Vocabulary.Pre);
        json.WriteNumber("tokens", Vocabulary.Tokens.Count);
        json.WriteEndObject();
    }
}
