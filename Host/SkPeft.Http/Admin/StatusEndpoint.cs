using Microsoft.AspNetCore.Http;
using SkPeft.Connectors.Hosting;
using SkPeft.Http.Answers;
using SkPeft.Http.Errors;
using SkPeft.Http.Hosting;

namespace SkPeft.Http.Admin;

/// <summary><c>GET /admin/status</c>: how the server is, also while it opens its model.</summary>
internal sealed class StatusEndpoint(ModelHost host, ServerPaths paths, Drain drain)
{
    public Task HandleAsync(HttpContext context)
    {
        ServedRuntime? served = host.IsReady ? host.Served : null;
        StatusBody body = new(
            host.IsReady, drain.IsDraining, drain.Running, served?.Names.Base, served?.Opened, served?.Runtime.Residency.Statistics, host.Opened.Exception?.InnerException is { } failure ? paths.Hide(failure.Message) : null,
            host.Runtime.ReloadProblem is { } problem ? paths.Hide(problem) : null);
        return context.Response.WriteAsJsonAsync(body, JsonForm.Options, context.RequestAborted);
    }
}
