using System.CommandLine;
using SkPeft.Engine.Models.Saving;
using SkPeft.Host.Conversion;
using SkPeft.Host.Output;
using SkPeft.Tensors.Formats;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft convert</c>: a folder in Hugging Face's layout as a GGUF file, or a model of a given shape with random weights.</summary>
internal static class ConvertCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> source = new("FOLDER|CONFIG.json") { Description = "A folder with config.json and model.safetensors; or a config.json alone, with --random." };
        Argument<string> target = new("FILE.gguf") { Description = "The file to be written; one that is there is replaced." };
        Option<TensorType> type = TypeOption();
        Option<int?> random = Options.WholeOrNone("--random", "Random weights from this seed, and a vocabulary of bytes: for benchmarks.", 0);
        random.HelpName = "SEED";
        Option<bool> json = Options.Json();
        Command command = new("convert", "Write a model as a GGUF file.") { source, target, type, random, json };
        command.SetAction((result, cancellation) =>
        {
            string file = OutputFile.Check(result.GetValue(target)!);
            using ConversionSource model = ConversionSource.Open(result.GetValue(source)!, result.GetValue(random));
            GgufModelOptions options = new(result.GetValue(type)) { Name = model.Name, Vocabulary = model.Vocabulary };
            IReadOnlyList<WrittenTensor> tensors = GgufModelWriter.Write(file, model.Config, model.Rows, options, cancellation);
            ConversionReport report = new(file, options.Type, tensors, model.Vocabulary);
            if (result.GetValue(json))
            {
                console.WriteJson(report.WriteJson);
            }
            else
            {
                report.Write(console);
            }

            return Task.FromResult(0);
        });
        return command;
    }

    private static Option<TensorType> TypeOption()
    {
        string names = string.Join("|", TypeNames.All);
        return new Option<TensorType>("--type")
        {
            HelpName = names,
            Required = true,
            Description = "How weights are stored. Norms and biases are f32; with q4_0 and q4_1 the head is q8_0; rows that are no whole number of blocks are f16.",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (TypeNames.Parse(text) is { } found)
                {
                    return found;
                }

                result.AddError($"--type: '{text}' is not accepted, expected {names}.");
                return default;
            },
        };
    }
}
