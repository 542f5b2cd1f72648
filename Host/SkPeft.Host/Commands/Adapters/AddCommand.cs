using System.CommandLine;
using SkPeft.Engine;
using SkPeft.Host.Output;

namespace SkPeft.Host.Commands.Adapters;

/// <summary><c>skpeft adapters add</c>.</summary>
internal static class AddCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> name = new("NAME") { Description = "The adapter's name in the store." };
        Argument<string> folder = new("FOLDER") { Description = "The adapter, as HF PEFT saves it." };
        Option<string?> model = new("--model") { HelpName = "MODEL", Description = "The model it was made for: its fingerprints are recorded now, else at first use." };
        return StoreCommand.Create(console, "add", "Store a folder as the next version of a name.", [name, folder, model], (store, parsed, cancellation) =>
        {
            _ = AdapterReference.CheckName(parsed.GetValue(name)!);
            ModelFingerprint? fingerprint = parsed.GetValue(model) is { } path ? FingerprintOf(path) : null;
            AdapterAddition added = store.Add(parsed.GetValue(name)!, parsed.GetValue(folder)!, fingerprint, cancellation);
            return new StoreCommand.Result(
                json =>
                {
                    json.WriteStartObject();
                    VersionJson.WriteProperties(json, added.Version);
                    json.WriteBoolean("is_new", added.IsNew);
                    JsonText.Strings(json, "left_out", added.LeftOut);
                    json.WriteEndObject();
                },
                people =>
                {
                    AdapterVersion version = added.Version;
                    people.Out.WriteLine(added.IsNew
                        ? $"added {version.Reference} ({version.PeftType}, {version.Bytes:N0} bytes, {version.Digest[..12]})"
                        : $"{version.Reference} has this content already; nothing was added");
                    foreach (string part in added.LeftOut)
                    {
                        people.Out.WriteLine($"left out: {part}");
                    }
                });
        });
    }

    private static ModelFingerprint FingerprintOf(string path)
    {
        using LanguageModel model = LanguageModel.Open(path, new LanguageModelOptions { Threads = 1 });
        return model.Fingerprint;
    }
}
