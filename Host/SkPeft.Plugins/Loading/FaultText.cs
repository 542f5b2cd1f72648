using System.Reflection;

namespace SkPeft.Plugins;

/// <summary>Turns an exception of a plugin into text, so that nobody keeps the exception (and with it the plugin's code).</summary>
internal static class FaultText
{
    public static string Of(Exception exception)
    {
        Exception cause = Unwrap(exception);
        string text = cause.Message.ReplaceLineEndings(" ").Trim();
        return $"{cause.GetType().Name}: {text}{(text.EndsWith('.') ? "" : ".")}{Where(cause)}";
    }

    private static Exception Unwrap(Exception exception)
    {
        while (exception is TargetInvocationException or TypeInitializationException && exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception;
    }

    private static string Where(Exception exception)
    {
        string? first = exception.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("at ", StringComparison.Ordinal))?.Trim();
        return first is null ? "" : $" ({first})";
    }
}
