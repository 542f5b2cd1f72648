using System.Text;
using System.Text.Json;
using Spectre.Console;

namespace SkPeft.Host.Output;

/// <summary>Where the tool reads and writes: the process's streams, or a test's.</summary>
internal sealed class ToolConsole : IDisposable
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly Stream _output;

    private ToolConsole(Stream output, TextWriter error, TextReader input, bool outputIsTerminal, bool errorIsTerminal)
    {
        _output = output;
        Out = new StreamWriter(output, s_utf8, 1 << 12, leaveOpen: true) { NewLine = "\n" };
        Error = error;
        In = input;
        ErrorIsTerminal = errorIsTerminal;
        People = PeopleConsole(Out, outputIsTerminal);
        Remarks = PeopleConsole(Error, errorIsTerminal);
    }

    /// <summary>Results. Buffered: <see cref="Flush"/> after what should be seen at once.</summary>
    public TextWriter Out { get; }

    /// <summary>Errors and remarks.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether remarks are seen on a terminal, where a line may renew itself.</summary>
    public bool ErrorIsTerminal { get; }

    /// <summary>What the user types.</summary>
    public TextReader In { get; }

    /// <summary>Tables for people, on <see cref="Out"/>.</summary>
    public IAnsiConsole People { get; }

    /// <summary>Remarks for people beside a result that is plain text, on <see cref="Error"/>.</summary>
    public IAnsiConsole Remarks { get; }

    /// <summary>The clock of the system.</summary>
    public TimeProvider Time { get; } = TimeProvider.System;

    public static ToolConsole OfProcess() => new(
        Console.OpenStandardOutput(), new StreamWriter(Console.OpenStandardError(), s_utf8, 1 << 10) { AutoFlush = true, NewLine = "\n" },
        Console.In, !Console.IsOutputRedirected, !Console.IsErrorRedirected);

    public static ToolConsole Of(Stream output, TextWriter error, TextReader input) => new(output, error, input, false, false);

    /// <summary>Writes the one JSON document of a command, whole or not at all.</summary>
    public void WriteJson(Action<Utf8JsonWriter> write)
    {
        using MemoryStream document = new();
        using (Utf8JsonWriter writer = new(document, JsonText.Readable))
        {
            write(writer);
        }

        document.WriteByte((byte)'\n');
        Out.Flush();
        _output.Write(document.GetBuffer().AsSpan(0, (int)document.Length));
        _output.Flush();
    }

    public void Flush() => Out.Flush();

    public void Dispose()
    {
        // What could not be written was reported when it was flushed.
        try
        {
            Out.Dispose();
        }
        catch (IOException)
        {
            // The other end is gone.
        }
    }

    private static IAnsiConsole PeopleConsole(TextWriter writer, bool isTerminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!isTerminal)
        {
            // A file has no width: nothing should be folded.
            console.Profile.Width = 400;
        }

        return console;
    }
}
