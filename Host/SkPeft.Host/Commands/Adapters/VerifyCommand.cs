using System.CommandLine;
using System.Text.Json;
using SkPeft.Host.Output;

namespace SkPeft.Host.Commands.Adapters;

/// <summary><c>skpeft adapters verify</c>: prints what it finds; the exit code is 1 where something is damaged.</summary>
internal static class VerifyCommand
{
    public static Command Create(ToolConsole console) => StoreCommand.Create(console, "verify", "Hash every stored file again.", [], (store, _, cancellation) =>
    {
        StoreVerification found = store.Verify(cancellation);
        if (!found.IsSound)
        {
            console.Error.WriteLine("skpeft: the store is damaged. Add the adapters named above again from their folders: the same content repairs its version.");
        }

        return new StoreCommand.Result(json => Write(json, found), people => Print(people, found), found.IsSound ? 0 : ErrorPrinter.Failed);
    });

    private static void Write(Utf8JsonWriter json, StoreVerification found)
    {
        json.WriteStartObject();
        json.WriteBoolean("sound", found.IsSound);
        JsonText.Strings(json, "index_problems", found.IndexProblems);
        json.WriteStartArray("versions");
        foreach (VersionVerification version in found.Versions)
        {
            json.WriteStartObject();
            json.WriteString("reference", version.Version.Reference);
            json.WriteBoolean("sound", version.IsSound);
            json.WriteStartArray("problems");
            foreach (FileProblem problem in version.Problems)
            {
                json.WriteStartObject();
                json.WriteString("path", problem.Path);
                json.WriteString("blob", problem.Blob);
                json.WriteString("found", problem.Found);
                json.WriteString("expected", problem.Expected);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Print(ToolConsole console, StoreVerification found)
    {
        foreach (string problem in found.IndexProblems)
        {
            console.Out.WriteLine($"index: {problem}");
        }

        foreach (VersionVerification version in found.Versions)
        {
            console.Out.WriteLine($"{version.Version.Reference}: {(version.IsSound ? "sound" : "damaged")}");
            foreach (FileProblem problem in version.Problems)
            {
                console.Out.WriteLine($"  {problem.Path}: {problem.Blob} has {problem.Found}, expected {problem.Expected}");
            }
        }

        console.Out.WriteLine($"{found.Versions.Count} versions, {found.Versions.Count(v => !v.IsSound)} damaged");
    }
}
