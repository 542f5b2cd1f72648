using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SkPeft.Connectors.Hosting;

/// <summary>
/// Opens everything in the background when the host starts, and stops the host where that fails. When the host stops, no request is let in
/// any more; those that run finish within the shutdown timeout, or are cut off; then model, leases and plugins are closed.
/// </summary>
internal sealed class SkPeftService(IServiceProvider services, SettingsCheck check, TimeProvider time) : IHostedService, IDisposable
{
    // What is cut off ends at its next token; who never reads on cannot be waited for.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private CancellationTokenRegistration _stopping;
    private SettingsReload? _reload;
    private RuntimeHost? _host;
    private Task _watching = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        check.Require();
        _host = services.GetRequiredService<RuntimeHost>();
        Drain drain = services.GetRequiredService<Drain>();
        IHostApplicationLifetime? lifetime = services.GetService<IHostApplicationLifetime>();

        // From the signal on, not only when this service's turn to stop has come.
        _stopping = lifetime?.ApplicationStopping.Register(() => _ = drain.BeginAsync()) ?? default;
        _watching = WatchAsync(_host.BeginAsync(drain.Cut), drain, lifetime);
        _reload = services.GetService<SettingsReload>();
        _reload?.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_host is null)
        {
            return;
        }

        _reload?.Dispose();
        Drain drain = services.GetRequiredService<Drain>();
        Task empty = drain.BeginAsync();
        try
        {
            await empty.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            drain.CutOff();
            await Task.WhenAny(empty, Task.Delay(s_grace, time, CancellationToken.None));
        }

        // An opening that still runs is given up too.
        Exception? failure = _host.Failure;
        drain.CutOff();
        await _watching;
        _host.Dispose();
        if (failure is not null)
        {
            // The host has stopped because of it: whoever runs the host hears why.
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task WatchAsync(Task<PeftRuntime> ready, Drain drain, IHostApplicationLifetime? lifetime)
    {
        ILogger? logger = services.GetService<ILoggerFactory>()?.CreateLogger(ServiceCollectionExtensions.LogName);
        try
        {
            PeftRuntime runtime = await ready;
            logger?.LogInformation("{Model} is ready: {Skills} skills.", runtime.Model.Path, runtime.Skills.Skills.Count);
        }
        catch (Exception) when (drain.Cut.IsCancellationRequested)
        {
            // The host stopped before it was ready.
        }
        catch (Exception e)
        {
            logger?.LogCritical(e, "The model cannot be served, so the host stops: {Message}", e.Message);
            lifetime?.StopApplication();
        }
    }
}
