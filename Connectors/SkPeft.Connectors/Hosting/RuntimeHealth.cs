using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SkPeft.Plugins;

namespace SkPeft.Connectors.Hosting;

/// <summary>How the process is, as health checks: <c>live</c>, <c>ready</c>, <c>store</c>, <c>plugins</c>; each is its own tag as well.</summary>
internal static class RuntimeHealth
{
    public const string Live = "live";
    public const string Ready = "ready";
    public const string Store = "store";
    public const string Plugins = "plugins";

    public static void AddTo(IServiceCollection services)
    {
        IHealthChecksBuilder checks = services.AddHealthChecks();
        checks.AddCheck(Live, () => HealthCheckResult.Healthy("The process lives."), [Live]);
        Add(checks, Ready, OfReadiness);
        Add(checks, Store, (host, _) => OfStore(host));
        Add(checks, Plugins, (host, _) => OfPlugins(host));
    }

    public static HealthCheckResult OfReadiness(RuntimeHost host, Drain drain) =>
        drain.IsDraining ? HealthCheckResult.Unhealthy("The process is shutting down and takes no new requests.")
        : host.Failure is { } failure ? HealthCheckResult.Unhealthy(failure.Message, failure)
        : !host.Ready.IsCompletedSuccessfully ? HealthCheckResult.Unhealthy("The model is being opened: no token was produced yet.")
        : host.ReloadProblem is { } problem ? HealthCheckResult.Degraded(problem)
        : HealthCheckResult.Healthy("A first token was produced.");

    public static HealthCheckResult OfStore(RuntimeHost host)
    {
        if (host.Opened is not { } runtime)
        {
            return HealthCheckResult.Unhealthy("The store is not opened yet.");
        }

        try
        {
            int versions = runtime.Store.List().Count;
            return HealthCheckResult.Healthy($"{runtime.Store.Folder} has {versions} versions.", new Dictionary<string, object> { ["versions"] = versions });
        }
        catch (Exception e) when (e is SkPeftException or IOException or UnauthorizedAccessException)
        {
            return HealthCheckResult.Unhealthy(e.Message, e);
        }
    }

    public static HealthCheckResult OfPlugins(RuntimeHost host)
    {
        if (host.Opened is not { } runtime)
        {
            return HealthCheckResult.Unhealthy("Plugins are not loaded yet.");
        }

        IReadOnlyList<PluginInfo> all = runtime.Plugins.List();
        PluginInfo[] failed = [.. all.Where(p => p.Status == PluginStatus.Failed)];
        return failed.Length > 0 ? HealthCheckResult.Degraded(string.Join(" ", failed.Select(p => $"{p.Name}: {p.Reason}")))
            : HealthCheckResult.Healthy($"{all.Count} plugins.", new Dictionary<string, object> { ["plugins"] = all.Count });
    }

    private static void Add(IHealthChecksBuilder checks, string name, Func<RuntimeHost, Drain, HealthCheckResult> look) => checks.Add(new HealthCheckRegistration(
        name, provider => new Check(() => look(provider.GetRequiredService<RuntimeHost>(), provider.GetRequiredService<Drain>())), HealthStatus.Unhealthy, [name]));

    private sealed class Check(Func<HealthCheckResult> look) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(look());
    }
}
