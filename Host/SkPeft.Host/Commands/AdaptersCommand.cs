using System.CommandLine;
using SkPeft.Host.Commands.Adapters;
using SkPeft.Host.Output;

namespace SkPeft.Host.Commands;

/// <summary><c>skpeft adapters</c>: the adapter store.</summary>
internal static class AdaptersCommand
{
    public static Command Create(ToolConsole console) => new("adapters", "Keep adapters in a store: versions, aliases, checks.")
    {
        AddCommand.Create(console),
        ListCommand.Create(console),
        ShowCommand.Create(console),
        PromoteCommand.Create(console),
        RollbackCommand.Create(console),
        RemoveCommand.Create(console),
        VerifyCommand.Create(console),
        CollectCommand.Create(console),
        ExportCommand.Create(console),
    };
}
