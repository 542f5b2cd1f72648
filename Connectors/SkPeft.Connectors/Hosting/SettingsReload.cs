using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace SkPeft.Connectors.Hosting;

/// <summary>Follows a configuration: changed skills and plugin folders are taken over while requests run; what cannot be served is told, and the old goes on.</summary>
/// <param name="read">Reads the settings again; throws what is wrong with them.</param>
/// <param name="changes">Gives a token that tells of the next change.</param>
/// <param name="host">What is served.</param>
/// <param name="logger">Hears of every change, and why it was not taken over.</param>
internal sealed class SettingsReload(Func<ReadSettings> read, Func<IChangeToken> changes, RuntimeHost host, ILogger? logger) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private IDisposable? _changes;

    public void Start() => _changes = ChangeToken.OnChange(changes, () => _ = Task.Run(ApplyAsync));

    /// <summary>Reads the configuration, and takes over what may change while the process runs.</summary>
    public async Task ApplyAsync()
    {
        try
        {
            await _turn.WaitAsync(_stop.Token);
            try
            {
                PeftRuntime runtime = await host.Ready.WaitAsync(_stop.Token);
                ReadSettings next = read();
                IReadOnlyList<string> fixedOnes = [.. await runtime.ApplyAsync(next.Settings, _stop.Token), .. next.Others];
                host.ReloadProblem = fixedOnes.Count == 0 ? null : $"Changed, but taken over by a restart only: {string.Join(", ", fixedOnes)}.";
                logger?.Log(fixedOnes.Count == 0 ? LogLevel.Information : LogLevel.Warning, "The configuration was read again: {Skills} skills. {Rest}", runtime.Skills.Skills.Count, host.ReloadProblem ?? "");
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception) when (_stop.IsCancellationRequested || host.Ready.IsFaulted)
        {
            // Nothing is served any more, or ever was.
        }
        catch (Exception e)
        {
            // Nobody awaits a change of a file: whatever is wrong with it is told, and never ends the process.
            host.ReloadProblem = e.Message;
            logger?.LogError(e is SkPeftException ? null : e, "The changed configuration is not taken over, the one before goes on: {Message}", e.Message);
        }
    }

    public void Dispose()
    {
        _changes?.Dispose();
        _stop.Cancel();
    }
}

/// <summary>Settings that were read again.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Others">Names of settings beside them that have changed, and hold from the next start on.</param>
internal sealed record ReadSettings(SkPeftSettings Settings, IReadOnlyList<string> Others);
