using Microsoft.AspNetCore.Http;
using SkPeft.Connectors.Hosting;
using SkPeft.Http.Answers;
using SkPeft.Http.Errors;
using SkPeft.Http.Hosting;

namespace SkPeft.Http.Pipeline;

/// <summary><c>GET /health</c>: the process lives. <c>GET /ready</c>: it would answer a request now.</summary>
internal sealed class ProbeEndpoints(ModelHost host, Drain drain)
{
    public static Task HealthAsync(HttpContext context) => WriteAsync(context, "live");

    public Task ReadyAsync(HttpContext context)
    {
        if (drain.IsDraining)
        {
            throw ApiException.Unavailable("This server is shutting down and takes no new requests.", "shutting_down");
        }

        _ = host.Served;
        return WriteAsync(context, "ready");
    }

    private static Task WriteAsync(HttpContext context, string status) =>
        context.Response.WriteAsJsonAsync(new ProbeBody(status), JsonForm.Options, context.RequestAborted);
}

/// <summary>What a probe answers.</summary>
internal sealed record ProbeBody(string Status);
