using System.CommandLine;
using System.CommandLine.Parsing;

namespace SkPeft.Host.Output;

/// <summary>Errors as one line on stderr, and the exit code that goes with them.</summary>
internal static class ErrorPrinter
{
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int Interrupted = 130;

    private const string TraceVariable = "SKPEFT_TRACE";

    public static int Print(Exception error, ToolConsole console)
    {
        if (error is OperationCanceledException)
        {
            Try(console.Flush);
            console.Error.WriteLine("skpeft: interrupted.");
            return Interrupted;
        }

        string line = error switch
        {
            UsageException or SkPeftException => error.Message,
            IOException or UnauthorizedAccessException => $"{error.Message.TrimEnd('.')}. Check the path, its permissions and the free space of the disk.",
            OutOfMemoryException => "there is not enough memory. Use a smaller model, a shorter prompt or fewer threads.",
            _ => $"unexpected error: {error.GetType().Name}: {error.Message} This is a mistake in skpeft; run it again with {TraceVariable}=1 and report what it prints.",
        };
        console.Error.WriteLine($"skpeft: {line.ReplaceLineEndings(" ")}");
        if (Environment.GetEnvironmentVariable(TraceVariable) == "1")
        {
            console.Error.WriteLine(error);
        }

        return error is UsageException ? WrongUsage : Failed;
    }

    public static int Usage(ParseResult result, ToolConsole console)
    {
        foreach (ParseError error in result.Errors)
        {
            console.Error.WriteLine($"skpeft: {error.Message.ReplaceLineEndings(" ")}");
        }

        string[] verbs = [.. Path(result.CommandResult).Reverse()];
        console.Error.WriteLine($"Usage: see '{string.Join(' ', ["skpeft", .. verbs, "--help"])}'.");
        return WrongUsage;
    }

    private static IEnumerable<string> Path(CommandResult command)
    {
        for (SymbolResult? at = command; at is CommandResult { Command: not RootCommand } one; at = one.Parent)
        {
            yield return one.Command.Name;
        }
    }

    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (IOException)
        {
            // There is nobody left to tell.
        }
    }
}
