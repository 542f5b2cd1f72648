using Microsoft.Extensions.Logging;
using SkPeft.Host.Output;
using SkPeft.Http;

namespace SkPeft.Host.Serving;

/// <summary>Serves until it is told to stop; then running requests finish.</summary>
internal static class ServeRunner
{
    public static async Task<int> RunAsync(ServeSettings settings, ToolConsole console, CancellationToken cancellation)
    {
        using ConsoleLog log = new(console.Error, console.Time);
        await using PeftHttpServer server = PeftHttpServer.Create(settings.Model, settings.Http, Environment.CurrentDirectory, Log, console.Time, settings.Followed);
        try
        {
            await server.StartAsync(cancellation);
            await server.WaitUntilReadyAsync(cancellation);
            string admin = server.AdminUrls.Count > 0 ? $", admin at {string.Join(", ", server.AdminUrls)}" : "";
            console.Out.WriteLine($"skpeft serves {Path.GetFileName(settings.Model.Model)} at {string.Join(", ", server.Urls)}{admin}");
            console.Flush();
            await Task.Delay(Timeout.InfiniteTimeSpan, console.Time, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            console.Error.WriteLine("skpeft: stopping; running requests finish. A second signal ends them.");
        }

        await server.StopAsync();
        return 0;

        void Log(ILoggingBuilder logging)
        {
            logging.SetMinimumLevel(LogLevel.Warning);

            // What stops the start is thrown as well, and told in one line.
            logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);

            // Whoever edits the settings sees that they were taken over.
            logging.AddFilter("SkPeft.Configuration", LogLevel.Information);
            logging.AddProvider(log);
        }
    }
}
