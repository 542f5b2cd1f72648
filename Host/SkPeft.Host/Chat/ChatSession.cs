using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.AI;
using SkPeft.Connectors;
using SkPeft.Connectors.Hosting;
using SkPeft.Connectors.Receipts;
using SkPeft.Connectors.Routing;
using SkPeft.Host.Output;
using SkPeft.Host.Receipts;

namespace SkPeft.Host.Chat;

/// <summary>Reads lines, answers them, and shows who answered.</summary>
internal sealed class ChatSession : IDisposable
{
    private readonly ToolConsole _console;
    private readonly PeftRuntime _runtime;
    private readonly PeftChatClient _client;
    private readonly ChatState _state;
    private readonly ChatStatistics _statistics = new();

    private ChatSession(PeftRuntime runtime, ToolConsole console)
    {
        (_runtime, _console) = (runtime, console);
        _client = runtime.CreateClient();
        _state = new ChatState(runtime.Skills.Skills);
    }

    public static ChatSession Open(ChatSettings settings, ToolConsole console) =>
        new(PeftRuntime.Open(settings.Read(), Environment.CurrentDirectory, logger: null, console.Time), console);

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        ChatCommands commands = new(_runtime, _client, _state, _statistics, _console);
        commands.Greet();
        while (true)
        {
            _console.Out.Write($"{_state.Skill ?? _state.Adapter ?? "default skill"}> ");
            _console.Flush();

            // A terminal's read cannot be cancelled; it is left behind.
            string? line = await Task.Run(_console.In.ReadLine, cancellation).WaitAsync(cancellation);
            if (line is null || line.Trim() is "/exit" or "/quit")
            {
                _console.Out.WriteLine();
                return 0;
            }

            try
            {
                if (line.StartsWith('/'))
                {
                    commands.Run(line.Trim());
                }
                else if (!string.IsNullOrWhiteSpace(line))
                {
                    await AnswerAsync(line, cancellation);
                }
            }
            catch (SkPeftException e)
            {
                // One bad request does not end a conversation.
                _console.Flush();
                _console.Error.WriteLine(e.Message);
            }
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _runtime.Dispose();
    }

    private async Task AnswerAsync(string text, CancellationToken cancellation)
    {
        ChatOptions options = _state.Options();
        RouteExplanation route = _client.Explain(options);
        StringBuilder answer = new();
        Stopwatch clock = Stopwatch.StartNew();
        Receipt? receipt = null;
        long tokens = 0;
        await foreach (ChatResponseUpdate update in _client.GetStreamingResponseAsync(_state.MessagesFor(text, route.Skill), options, cancellation))
        {
            answer.Append(update.Text);
            _console.Out.Write(update.Text);
            _console.Flush();
            receipt = update.AdditionalProperties?.GetValueOrDefault(Receipt.PropertyName) as Receipt ?? receipt;
            tokens += update.Contents.OfType<UsageContent>().Sum(u => u.Details.OutputTokenCount ?? 0);
        }

        _console.Out.WriteLine();
        _console.Flush();
        _statistics.Count(tokens, clock.Elapsed);
        _state.Remember(text, answer.ToString());
        if (receipt is not null)
        {
            ReceiptLines.Write(_console.People, receipt);
        }
    }
}
