using System.CommandLine;
using SkPeft.Host.Output;

namespace SkPeft.Host.Commands.Adapters;

/// <summary><c>skpeft adapters export</c>.</summary>
internal static class ExportCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> reference = StoreCommand.Reference();
        Argument<string> folder = new("FOLDER") { Description = "A new or empty folder." };
        return StoreCommand.Create(console, "export", "Write a version's files, byte for byte, into a folder.", [reference, folder], (store, parsed, cancellation) =>
        {
            string to = parsed.GetValue(folder)!;
            AdapterVersion exported = store.Export(parsed.GetValue(reference)!, to, cancellation);
            return new StoreCommand.Result(
                json =>
                {
                    json.WriteStartObject();
                    VersionJson.WriteProperties(json, exported);
                    json.WriteString("folder", Path.GetFullPath(to));
                    json.WriteEndObject();
                },
                people => people.Out.WriteLine($"exported {exported.Reference} to {to}"));
        });
    }
}
