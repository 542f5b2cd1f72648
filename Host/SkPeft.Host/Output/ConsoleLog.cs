using Microsoft.Extensions.Logging;

namespace SkPeft.Host.Output;

/// <summary>A log as lines of remarks: time, level, category, message, and the stack where there is one.</summary>
internal sealed class ConsoleLog(TextWriter writer, TimeProvider time) : ILoggerProvider
{
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
        // The writer is the console's.
    }

    private void Write(LogLevel level, string category, string message, Exception? error)
    {
        lock (_gate)
        {
            writer.WriteLine($"{time.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z {level} {category}: {message.ReplaceLineEndings(" ")}");
            if (error is not null)
            {
                writer.WriteLine(error);
            }
        }
    }

    private sealed class Category(ConsoleLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Write(logLevel, name, formatter(state, exception), exception);
            }
        }
    }
}
