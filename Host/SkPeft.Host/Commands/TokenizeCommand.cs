using System.CommandLine;
using System.Text.Json;
using SkPeft.Engine.Tokenization;
using SkPeft.Host.Inputs;
using SkPeft.Host.Output;
using SkPeft.Training.Data;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft tokenize</c>: ids of strings, and the text that the ids give back.</summary>
internal static class TokenizeCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> source = new("MODEL_OR_TOKENIZER_JSON") { Description = "A GGUF file, a tokenizer.json, or the folder of one." };
        Option<string> input = new("--input") { HelpName = "strings.json", Required = true, Description = "A JSON array of strings. Special tokens written in them are matched; none is added." };
        Option<bool> json = Options.Json();
        Command command = new("tokenize", "Turn strings into token ids and back.") { source, input, json };
        command.SetAction((result, _) =>
        {
            string[] texts = Strings(result.GetValue(input)!);
            ITokenizer tokenizer = TokenizerFile.Open(result.GetValue(source)!);
            (IReadOnlyList<int> Ids, string Decoded)[] results = [.. texts.Select(text =>
            {
                IReadOnlyList<int> ids = tokenizer.Encode(text, SpecialTokens.Match);
                return (ids, tokenizer.Decode([.. ids]));
            })];
            if (result.GetValue(json))
            {
                console.WriteJson(writer => Write(writer, results));
            }
            else
            {
                foreach ((IReadOnlyList<int> ids, string decoded) in results)
                {
                    console.Out.WriteLine($"{JsonSerializer.Serialize(decoded, s_readable)} [{string.Join(", ", ids)}]");
                }
            }

            return Task.FromResult(0);
        });
        return command;
    }

    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JsonText.Readable.Encoder };

    private static string[] Strings(string path)
    {
        JsonElement root = JsonInput.Read(path);
        return root.ValueKind != JsonValueKind.Array
            ? throw new FileFormatException(path, "content", JsonInput.Describe(root), "an array of strings")
            : [.. root.EnumerateArray().Select((item, i) => item.ValueKind == JsonValueKind.String
                ? JsonParsing.TextOf(item)
                : throw new FileFormatException(path, $"[{i}]", JsonInput.Describe(item), "a string"))];
    }

    private static void Write(Utf8JsonWriter json, (IReadOnlyList<int> Ids, string Decoded)[] results)
    {
        json.WriteStartArray();
        foreach ((IReadOnlyList<int> ids, string decoded) in results)
        {
            json.WriteStartObject();
            JsonText.Ids(json, "ids", ids);
            json.WriteString("decoded", decoded);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
