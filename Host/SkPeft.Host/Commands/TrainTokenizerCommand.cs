using System.CommandLine;
using System.Text.Json;
using SkPeft.Engine.Tokenization.Training;
using SkPeft.Host.Output;
using SkPeft.Training.Pretraining;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft train-tokenizer</c>: a byte-level BPE vocabulary from texts.</summary>
internal static class TrainTokenizerCommand
{
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(ToolConsole console)
    {
        Option<string[]> data = new("--data") { HelpName = "FILE", Required = true, AllowMultipleArgumentsPerToken = true, Description = "Texts, as for 'pretrain'." };
        Option<int?> size = Options.WholeOrNone("--size", "Entries of the vocabulary. Default: 4096.", 1);
        Option<string> output = new("--out") { HelpName = "FOLDER", Required = true, Description = "Gets tokenizer.json and tokenizer_config.json." };
        Command command = new("train-tokenizer", "Learn a byte-level BPE tokenizer.") { data, size, output };
        command.SetAction((result, _) =>
        {
            string folder = Directory.CreateDirectory(result.GetValue(output)!).FullName;
            string tokenizer = TokenizerTraining.Learn(result.GetValue(data)!.SelectMany(TextCorpus.Read), result.GetValue(size) ?? 4096).ToJsonString(s_readable);
            File.WriteAllText(Path.Combine(folder, "tokenizer.json"), tokenizer + "\n");
            string end = TokenizerTraining.SpecialTokens[0];
            File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), JsonSerializer.Serialize(new { tokenizer_class = "PreTrainedTokenizerFast", eos_token = end, add_bos_token = false }, s_readable) + "\n");
            console.Out.WriteLine($"{folder}: tokenizer.json, tokenizer_config.json");
            return Task.FromResult(0);
        });
        return command;
    }
}
