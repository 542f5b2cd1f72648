using System.CommandLine;
using System.CommandLine.Help;
using SkPeft.Host.Commands;
using SkPeft.Host.Output;

namespace SkPeft.Host;

/// <summary>The commands, and what becomes of their errors.</summary>
internal static class Tool
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

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
            // Our own handler of Ctrl-C is there before the command begins; the library's would come with its first await.
            InvocationConfiguration invocation = new()
            {
                EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = console.Out, Error = console.Error,
            };
            int code = await InvokeAsync(result, invocation, console.Time, cancellationToken);
            console.Flush();
            return code;
        }
        catch (Exception e)
        {
            return ErrorPrinter.Print(e, console);
        }
    }

    // What does not look at its token (a model that is being opened) is left behind; what does gets time to clean up.
    private static async Task<int> InvokeAsync(ParseResult result, InvocationConfiguration invocation, TimeProvider time, CancellationToken cancellationToken)
    {
        Task<int> work = Task.Run(() => result.InvokeAsync(invocation, cancellationToken), CancellationToken.None);
        try
        {
            return await work.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAny(work, Task.Delay(GraceOf(result), time, CancellationToken.None));

            // A server that was told to stop, and did, has done what it was there for.
            return IsServer(result) && work.IsCompletedSuccessfully ? await work : throw new OperationCanceledException(cancellationToken);
        }
    }

    // A run finishes its step and writes a checkpoint, a server its requests, however long that takes; a second Ctrl-C ends the process at once.
    private static TimeSpan GraceOf(ParseResult result) =>
        result.CommandResult.Command.Name is TrainCommand.Name or PretrainCommand.Name || IsServer(result) ? Timeout.InfiniteTimeSpan : s_grace;

    private static bool IsServer(ParseResult result) => result.CommandResult.Command.Name == ServeCommand.Name;

    private static RootCommand Root(ToolConsole console) => new("skpeft: one frozen model, a task module of its own for every skill.")
    {
        GenerateCommand.Create(console),
        LogitsCommand.Create(console),
        ScoreCommand.Create(console),
        TrainCommand.Create(console),
        PretrainCommand.Create(console),
        TrainTokenizerCommand.Create(console),
        TokenizeCommand.Create(console),
        RenderCommand.Create(console),
        InspectCommand.Create(console),
        ConvertCommand.Create(console),
        AdaptersCommand.Create(console),
        PluginsCommand.Create(console),
        BenchCommand.Create(console),
        ChatCommand.Create(console),
        DemoCommand.Create(console),
        ServeCommand.Create(console),
    };
}
