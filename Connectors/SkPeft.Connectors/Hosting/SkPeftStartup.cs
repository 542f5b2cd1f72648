using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SkPeft.Connectors.Hosting;

/// <summary>Opens everything and loads every skill's adapter when the host starts: a host that runs can answer.</summary>
internal sealed class SkPeftStartup(IServiceProvider services) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Opening a model reads files; the host's thread has others to start.
        PeftRuntime runtime = await Task.Run(services.GetRequiredService<PeftRuntime>, cancellationToken);
        await runtime.CheckSkillsAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
