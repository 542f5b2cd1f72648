using System.CommandLine;
using SkPeft.Host.Output;

namespace SkPeft.Host.Commands.Adapters;

/// <summary><c>skpeft adapters gc</c>.</summary>
internal static class CollectCommand
{
    public static Command Create(ToolConsole console) => StoreCommand.Create(console, "gc", "Delete files that no version needs.", [], (store, _, cancellation) =>
    {
        StoreCollection freed = store.Collect(cancellation);
        return new StoreCommand.Result(
            json =>
            {
                json.WriteStartObject();
                json.WriteNumber("blobs", freed.Blobs);
                json.WriteNumber("temporary_files", freed.TemporaryFiles);
                json.WriteNumber("bytes", freed.Bytes);
                JsonText.Strings(json, "kept", freed.Kept);
                json.WriteEndObject();
            },
            people =>
            {
                people.Out.WriteLine($"freed {freed.Bytes:N0} bytes: {freed.Blobs} files, {freed.TemporaryFiles} half-written ones");
                foreach (string kept in freed.Kept)
                {
                    people.Out.WriteLine($"kept: {kept}");
                }
            });
    });
}
