using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SkPeft.Http.Metrics;

/// <summary>Counts and times requests, by the route that answered them.</summary>
internal sealed class RequestMeter(RequestDelegate next, HttpMeters meters, TimeProvider time)
{
    /// <summary>Names the request in answers and in the log.</summary>
    public const string IdHeader = "x-request-id";

    private static readonly string[] s_methods = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"];

    public async Task InvokeAsync(HttpContext context)
    {
        // A client may invent methods, and each would be a time series of its own.
        string method = Array.Find(s_methods, m => HttpMethods.Equals(m, context.Request.Method)) ?? "other";
        context.Response.Headers[IdHeader] = context.TraceIdentifier;
        long start = time.GetTimestamp();
        meters.Begin(method);
        try
        {
            await next(context);
        }
        finally
        {
            string route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";
            meters.End(route, method, context.Response.StatusCode, time.GetElapsedTime(start));
        }
    }
}
