using System.CommandLine;
using Spectre.Console;
using SkPeft.Host.Output;

namespace SkPeft.Host.Commands.Adapters;

/// <summary><c>skpeft adapters list</c>.</summary>
internal static class ListCommand
{
    public static Command Create(ToolConsole console) => StoreCommand.Create(console, "list", "List all versions.", [], (store, _, _) =>
    {
        IReadOnlyList<AdapterListing> versions = store.List();
        return new StoreCommand.Result(
            json =>
            {
                json.WriteStartArray();
                foreach (AdapterListing listing in versions)
                {
                    json.WriteStartObject();
                    VersionJson.WriteProperties(json, listing.Version);
                    JsonText.Strings(json, "aliases", listing.Aliases);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            },
            people =>
            {
                if (versions.Count == 0)
                {
                    people.Out.WriteLine($"The store {store.Folder} is empty: 'skpeft adapters add NAME FOLDER' fills it.");
                    return;
                }

                Table table = Tables.Of("version", "aliases", "method", "bytes", "digest", "base", "added (UTC)");
                foreach ((AdapterVersion version, IReadOnlyList<string> aliases) in versions)
                {
                    Tables.Row(table, version.Reference, string.Join(", ", aliases), version.PeftType, $"{version.Bytes:N0}", version.Digest[..12],
                        version.Base?.Weights[..12] ?? "not yet known", $"{version.Added:yyyy-MM-dd HH:mm:ss}");
                }

                people.People.Write(table);
            });
    });
}
