using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SkPeft.Connectors.Hosting;
using SkPeft.Http.Hosting;

namespace SkPeft.Http;

/// <summary>One model and its skills behind OpenAI's HTTP API, with an operator's API on an address of its own.</summary>
/// <remarks>It listens from <see cref="StartAsync"/> on, and answers once the model has produced a first token (<see cref="WaitUntilReadyAsync"/>).</remarks>
public sealed class PeftHttpServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpSettings _settings;
    private readonly TimeProvider _time;
    private readonly List<(ListenOptions Options, bool IsAdmin)> _listeners;
    private readonly CancellationTokenSource _stop = new();
    private Task _opening = Task.CompletedTask;
    private int _stopped;

    private PeftHttpServer(WebApplication app, HttpSettings settings, TimeProvider time, List<(ListenOptions Options, bool IsAdmin)> listeners) =>
        (_app, _settings, _time, _listeners) = (app, settings, time, listeners);

    /// <summary>Where requests are answered, with the ports that were given; known after <see cref="StartAsync"/>.</summary>
    public IReadOnlyList<string> Urls => UrlsOf(isAdmin: false);

    /// <summary>Where <c>/admin</c> is served.</summary>
    public IReadOnlyList<string> AdminUrls => UrlsOf(isAdmin: true);

    internal IServiceProvider Services => _app.Services;

    /// <summary>Puts a server together; nothing is opened yet.</summary>
    /// <param name="model">What to serve.</param>
    /// <param name="settings">Where and how.</param>
    /// <param name="folder">What relative paths are relative to.</param>
    /// <param name="logging">Where the log goes; null: nowhere.</param>
    /// <param name="time">The clock of limits and budgets.</param>
    /// <param name="followed">Where these settings come from, if they may change while they are served; null: they do not.</param>
    /// <exception cref="ConfigurationException">The settings cannot be served; all problems together, by key.</exception>
    /// <exception cref="SkPeftException">The key file cannot be read.</exception>
    public static PeftHttpServer Create(
        SkPeftSettings model, HttpSettings settings, string folder, Action<ILoggingBuilder>? logging = null, TimeProvider? time = null, SettingsSource? followed = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(settings);
        TimeProvider clock = time ?? TimeProvider.System;
        List<(ListenOptions, bool)> listeners = [];
        WebApplication app = ServerBuilder.Build(model, settings, folder, logging, clock, followed, listeners);
        return new PeftHttpServer(app, settings, clock, listeners);
    }

    /// <summary>Listens, and begins to open the model.</summary>
    /// <exception cref="ConfigurationException">An address is taken, or not to be had.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            string urls = $"{HttpSettings.SectionName}:{nameof(HttpSettings.Urls)}: {string.Join(", ", _settings.Urls.Concat(_settings.AdminUrls))}";
            throw new ConfigurationException([$"{urls}: {e.Message.TrimEnd('.')}. Stop what listens there, or give another address (--urls, --admin-urls)."], e);
        }

        _opening = Services.GetRequiredService<ModelHost>().OpenAsync(_stop.Token);
        Services.GetService<SettingsReload>()?.Start();
    }

    /// <summary>Waits for the first token.</summary>
    /// <exception cref="ConfigurationException">Model, store, plugins or a skill cannot be served.</exception>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => Services.GetRequiredService<ModelHost>().Opened.WaitAsync(cancellationToken);

    /// <summary>Takes no new requests (503), lets running ones finish within the shutdown timeout, and stops listening.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        Services.GetService<SettingsReload>()?.Dispose();
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(_settings.ShutdownTimeoutSeconds), _time);
        try
        {
            await Services.GetRequiredService<Drain>().BeginAsync().WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // What has not finished is cut off below.
        }

        await _stop.CancelAsync();
        await _app.StopAsync(limit.Token);
        await _opening;
    }

    /// <summary>Stops, and closes the model.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    private string[] UrlsOf(bool isAdmin) => [.. _listeners.Where(l => l.IsAdmin == isAdmin).Select(l => UrlOf(l.Options))];

    private static string UrlOf(ListenOptions options) => options.SocketPath is { } file ? $"http://unix:{file}"
        : options.IPEndPoint is { } at && (at.Address.Equals(IPAddress.IPv6Any) || at.Address.Equals(IPAddress.Any)) ? $"http://localhost:{at.Port}"
        : $"http://{options.IPEndPoint}";
}
