using Microsoft.Extensions.Logging;
using SkPeft.Connectors.Hosting;
using SkPeft.Http.Errors;

namespace SkPeft.Http.Hosting;

/// <summary>Opens the model beside the server, and knows whether it can answer: from the first token that it has produced on.</summary>
/// <param name="settings">What to open.</param>
/// <param name="folder">What relative paths are relative to.</param>
/// <param name="logger">Hears of plugins.</param>
/// <param name="time">The clock.</param>
/// <param name="meters">The scope of this server's meters: two servers in one process do not count for each other.</param>
internal sealed class ModelHost(SkPeftSettings settings, string folder, ILogger logger, TimeProvider time, object meters) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private readonly TaskCompletionSource<ServedRuntime> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What opens the model, and is told where a changed configuration is not taken over.</summary>
    public RuntimeHost Runtime { get; } = new(settings, folder, logger, time, meters);

    /// <summary>Completes when a first token was produced; fails with what stopped the opening.</summary>
    public Task<ServedRuntime> Opened => _opened.Task;

    public bool IsReady => _opened.Task.IsCompletedSuccessfully;

    /// <summary>The opened model.</summary>
    /// <exception cref="ApiException">It is still being opened, or cannot be: 503.</exception>
    public ServedRuntime Served => Opened.IsCompletedSuccessfully ? Opened.GetAwaiter().GetResult()
        : Opened.IsFaulted ? throw ApiException.Unavailable("The model could not be opened; the server's log says why.", "model_failed")
        : throw ApiException.Unavailable("The model is still being opened. Try again soon; GET /ready says when.", "model_loading", s_patience);

    /// <summary>Opens the model, loads every skill's module, asks for one token, and makes what the endpoints need.</summary>
    /// <exception cref="ConfigurationException">Something cannot be opened; the message names its key.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        try
        {
            PeftRuntime runtime = await Runtime.BeginAsync(cancellation);
            _opened.SetResult(await Task.Run(() => new ServedRuntime(runtime, time.GetUtcNow()), cancellation));
        }
        catch (Exception e)
        {
            _opened.TrySetException(e);
        }
    }

    public void Dispose() => Runtime.Dispose();
}
