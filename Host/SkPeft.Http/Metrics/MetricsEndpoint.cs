using Microsoft.AspNetCore.Http;

namespace SkPeft.Http.Metrics;

/// <summary><c>GET /metrics</c>.</summary>
internal sealed class MetricsEndpoint(MetricsCollector collector)
{
    public Task HandleAsync(HttpContext context)
    {
        context.Response.ContentType = MetricsCollector.ContentType;
        return context.Response.WriteAsync(collector.Write(), context.RequestAborted);
    }
}
