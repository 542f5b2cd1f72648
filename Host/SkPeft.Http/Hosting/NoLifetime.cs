using Microsoft.Extensions.Hosting;

namespace SkPeft.Http.Hosting;

/// <summary>Signals are for whoever owns the process, not for this server.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
