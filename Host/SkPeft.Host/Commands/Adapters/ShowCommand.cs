using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using SkPeft.Host.Output;

namespace SkPeft.Host.Commands.Adapters;

/// <summary><c>skpeft adapters show</c>.</summary>
internal static class ShowCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> reference = StoreCommand.Reference();
        return StoreCommand.Create(console, "show", "Show one version: files, aliases, base.", [reference], (store, parsed, _) =>
        {
            AdapterDetails details = store.Show(parsed.GetValue(reference)!);
            return new StoreCommand.Result(json => Write(json, details), people => Print(people, details));
        });
    }

    private static void Write(Utf8JsonWriter json, AdapterDetails details)
    {
        json.WriteStartObject();
        VersionJson.WriteProperties(json, details.Version);
        json.WriteStartArray("aliases");
        foreach (AliasState alias in details.Aliases)
        {
            json.WriteStartObject();
            json.WriteString("alias", alias.Alias);
            json.WriteNumber("version", alias.Number);
            JsonText.Ids(json, "earlier", alias.Earlier);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("files");
        foreach (StoredFile file in details.Files)
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteString("sha256", file.Digest);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Print(ToolConsole console, AdapterDetails details)
    {
        AdapterVersion version = details.Version;
        console.Out.WriteLine($"{version.Reference}: {version.PeftType}, {version.Bytes:N0} bytes, added {version.Added:yyyy-MM-dd HH:mm:ss} UTC");
        console.Out.WriteLine($"digest {version.Digest}");
        console.Out.WriteLine(version.Base is { } model
            ? $"base: weights {model.Weights}, tokenizer {model.Tokenizer ?? "none"}, shapes {model.Shapes}"
            : "base: recorded at first use");
        foreach (AliasState alias in details.Aliases)
        {
            string earlier = alias.Earlier.Count == 0 ? "nothing earlier" : $"earlier: {string.Join(", ", alias.Earlier)}";
            console.Out.WriteLine($"alias {version.Name}@{alias.Alias} ({earlier})");
        }

        Table table = Tables.Of("file", "bytes", "sha256");
        foreach (StoredFile file in details.Files)
        {
            Tables.Row(table, file.Path, $"{file.Bytes:N0}", file.Digest);
        }

        console.People.Write(table);
    }
}
