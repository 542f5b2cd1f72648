using System.CommandLine;
using SkPeft.Host.Output;

namespace SkPeft.Host.Commands.Adapters;

/// <summary><c>skpeft adapters rollback</c>.</summary>
internal static class RollbackCommand
{
    public static Command Create(ToolConsole console)
    {
        Argument<string> name = new("NAME") { Description = "The adapter's name." };
        Argument<string> alias = StoreCommand.Alias();
        return StoreCommand.Create(console, "rollback", "Let an alias name what it named before.", [name, alias], (store, parsed, _) =>
            AliasFlipResult.Of(store.Rollback(parsed.GetValue(name)!, parsed.GetValue(alias)!)));
    }
}
