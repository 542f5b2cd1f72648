using System.CommandLine;
using SkPeft.Host.Output;

namespace SkPeft.Host.Commands.Adapters;

/// <summary><c>skpeft adapters remove</c>.</summary>
internal static class RemoveCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> reference = StoreCommand.Reference();
        return StoreCommand.Create(console, "remove", "Take a version out of the store; its files go with gc.", [reference], (store, parsed, _) =>
        {
            AdapterVersion removed = store.Remove(parsed.GetValue(reference)!);
            return new StoreCommand.Result(
                json => VersionJson.Write(json, removed),
                people => people.Out.WriteLine($"removed {removed.Reference}; 'skpeft adapters gc' frees its space"));
        });
    }
}
