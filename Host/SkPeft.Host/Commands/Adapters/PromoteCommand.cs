using System.CommandLine;
using SkPeft.Host.Output;

namespace SkPeft.Host.Commands.Adapters;

/// <summary><c>skpeft adapters promote</c>.</summary>
internal static class PromoteCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> reference = StoreCommand.Reference(), alias = StoreCommand.Alias();
        return StoreCommand.Create(console, "promote", "Let an alias name a version.", [reference, alias], (store, parsed, _) =>
            AliasFlipResult.Of(store.Promote(parsed.GetValue(reference)!, parsed.GetValue(alias)!)));
    }
}
