using Microsoft.AspNetCore.Http;

namespace SkPeft.Http.Keys;

/// <summary>Who sent a request: set by the gate for every request that it lets through.</summary>
internal static class CallerExtensions
{
    public static ApiKey Caller(this HttpContext context) =>
        context.Features.Get<ApiKey>() ?? throw new InvalidOperationException("The gate has not looked at this request.");

    public static void SetCaller(this HttpContext context, ApiKey key) => context.Features.Set(key);
}
