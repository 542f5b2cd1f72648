using System.CommandLine;
using System.CommandLine.Help;
using SkPeft.Host.Commands;
using SkPeft.Host.Output;

namespace SkPeft.Host;

/// <summary>The commands, and what becomes of their errors.</summary>
internal static class Tool
{
    /// <summary>Runs one command line.</summary>
    /// <returns>0; 1 for a failed operation, 2 for wrong usage, 130 where the user interrupted it.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, ToolConsole console, CancellationToken cancellationToken)
    {
        // A prompt may begin with '@': it is no response file. And "-abc" is a text, not three options.
        ParseResult result = Root(console).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        if (result.Errors.Count > 0 && result.Action is not HelpAction)
        {
            return ErrorPrinter.Usage(result, console);
        }

        try
        {
            InvocationConfiguration invocation = new() { EnableDefaultExceptionHandler = false, Output = console.Out, Error = console.Error };
            int code = await result.InvokeAsync(invocation, cancellationToken);
            console.Flush();
            return code;
        }
        catch (Exception e)
        {
            return ErrorPrinter.Print(e, console);
        }
    }

    private static RootCommand Root(ToolConsole console) => new("skpeft: one frozen model, a task module of its own for every skill.")
    {
        GenerateCommand.Create(console),
        LogitsCommand.Create(console),
        ScoreCommand.Create(console),
        TokenizeCommand.Create(console),
        RenderCommand.Create(console),
        InspectCommand.Create(console),
        AdaptersCommand.Create(console),
        PluginsCommand.Create(console),
        BenchCommand.Create(console),
        ChatCommand.Create(console),
        DemoCommand.Create(console),
    };
}
