using System.CommandLine;
using System.Text.Json;
using SkPeft.Adapters.Store;
using SkPeft.Host.Models;
using SkPeft.Host.Output;

namespace SkPeft.Host.Commands.Adapters;

/// <summary>What all commands on the store share: the options, and a result that is printed as JSON or for people.</summary>
internal static class StoreCommand
{
    /// <param name="Json">Writes the document.</param>
    /// <param name="People">Writes it for people.</param>
    /// <param name="Code">The exit code.</param>
    public sealed record Result(Action<Utf8JsonWriter> Json, Action<ToolConsole> People, int Code = 0);

    public static Command Create(
        ToolConsole console, string name, string help, IReadOnlyList<Symbol> symbols, Func<AdapterStore, ParseResult, CancellationToken, Result> run)
    {
        Option<string?> store = Options.Store();
        Option<bool> json = Options.Json();
        Command command = new(name, help);
        foreach (Symbol symbol in symbols)
        {
            Add(command, symbol);
        }

        command.Options.Add(store);
        command.Options.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            // Off this thread, so that Ctrl-C is heard while files are hashed.
            Result result = await Task.Run(() => run(StoreFolder.Open(parsed.GetValue(store)), parsed, cancellation), cancellation);
            if (parsed.GetValue(json))
            {
                console.WriteJson(result.Json);
            }
            else
            {
                result.People(console);
            }

            return result.Code;
        });
        return command;
    }

    private static void Add(Command command, Symbol symbol)
    {
        if (symbol is Argument argument)
        {
            command.Arguments.Add(argument);
        }
        else
        {
            command.Options.Add((Option)symbol);
        }
    }

    public static Argument<string> Reference() => new("REF") { Description = "A stored version: name, name@3, name@alias or name@latest." };

    public static Argument<string> Alias() => new("ALIAS") { Description = "The alias, such as prod." };
}
