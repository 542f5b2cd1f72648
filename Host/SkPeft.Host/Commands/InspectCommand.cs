using System.CommandLine;
using SkPeft.Host.Inspection;
using SkPeft.Host.Output;
using SkPeft.Tensors.Formats;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft inspect</c>: what is in a file or folder.</summary>
internal static class InspectCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> path = new("FILE_OR_FOLDER") { Description = "A GGUF or safetensors file, a model folder, or an adapter folder." };
        Option<bool> json = Options.Json();
        Option<string?> dump = new("--dump") { HelpName = "FILE.safetensors", Description = "Writes every tensor there as F32." };
        Command command = new("inspect", "Show metadata and tensors.") { path, json, dump };
        command.SetAction((result, _) =>
        {
            using Inspected inspected = Inspected.Open(result.GetValue(path)!);
            if (result.GetValue(dump) is { } file)
            {
                SafetensorsWriter.Write(OutputFile.Check(file), inspected.Tensors.Select(t => SafetensorsEntry.Of(t)));
            }

            if (result.GetValue(json))
            {
                console.WriteJson(writer => InspectedJson.Write(writer, inspected));
            }
            else
            {
                InspectedTable.Write(console.People, inspected);
            }

            return Task.FromResult(0);
        });
        return command;
    }
}
