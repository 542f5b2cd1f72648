using Microsoft.Extensions.Logging;

namespace SkPeft.Host.Demo;

/// <summary>Passes on what happens to plugins after they were first loaded.</summary>
internal sealed class PluginLog(Action<string> say) : ILogger
{
    private readonly Lock _gate = new();

    /// <summary>Off while plugins are loaded at the start and let go at the end: nothing to see there but warnings.</summary>
    public bool Chatty { get; set; }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!Chatty && logLevel < LogLevel.Warning)
        {
            return;
        }

        lock (_gate)
        {
            say($"  {(logLevel >= LogLevel.Warning ? "warning: " : "")}{formatter(state, exception)}");
        }
    }
}
