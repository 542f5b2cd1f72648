using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Requests;
using SkPeft.Http.Errors;
using SkPeft.Http.Models;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Keys;

/// <summary>Who sent a request: set by the gate for every request that it lets through.</summary>
internal static class CallerExtensions
{
    public static ApiKey Caller(this HttpContext context) =>
        context.Features.Get<ApiKey>() ?? throw new InvalidOperationException("The gate has not looked at this request.");

    public static void SetCaller(this HttpContext context, ApiKey key) => context.Features.Set(key);

    /// <summary>Asks in the caller's name: what it may ask, whose share of the engine it uses, and how urgently.</summary>
    /// <exception cref="ApiException">The caller's key does not allow it: 403.</exception>
    public static void Sign(this HttpContext context, ServedModel model, ChatOptions options, int? priority)
    {
        ApiKey key = context.Caller();
        key.RequireModel(model);
        SamplingParameters.Set(options, PropertyNames.Tenant, key.Tenant);

        // The engine lets the higher one in first; over HTTP the lower one is sooner, as in vLLM.
        SamplingParameters.Set(options, PropertyNames.Priority, -key.PriorityOf(priority));
    }
}
