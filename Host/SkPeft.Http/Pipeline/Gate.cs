using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SkPeft.Connectors.Hosting;
using SkPeft.Http.Errors;
using SkPeft.Http.Hosting;
using SkPeft.Http.Keys;

namespace SkPeft.Http.Pipeline;

/// <summary>Lets a request through to its endpoint: the right address, the right key, within the key's budget, and while the server runs.</summary>
internal sealed class Gate(RequestDelegate next, KeyRing keys, Drain drain, ILogger logger)
{
    private const string Scheme = "Bearer ";

    public async Task InvokeAsync(HttpContext context)
    {
        Listener listener = context.Features.Get<Listener>() ?? throw new InvalidOperationException("A connection has no listener.");
        if (listener.IsAdmin)
        {
            AdminGuard.Check(context, keys, listener);
        }

        if (context.GetEndpoint()?.Metadata.GetMetadata<Door>() is not { } door)
        {
            await next(context);
            return;
        }

        if (door.IsAdmin && !listener.IsAdmin)
        {
            throw ApiException.NotFound($"{context.Request.Path} is not served here: /admin has an address of its own (AdminUrls, --admin-urls).", "admin_elsewhere");
        }

        if (door.NeedsKey)
        {
            context.SetCaller(Authenticate(context, listener));
        }

        await (door.IsWork ? WorkAsync(context) : next(context));
    }

    private ApiKey Authenticate(HttpContext context, Listener listener)
    {
        if (!keys.IsLocked)
        {
            return ApiKey.Anyone;
        }

        string header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw ApiException.Unauthorized("Authorization: no key is given, expected 'Bearer KEY' with a key of this server's key file.");
        }

        ApiKey key = keys.Find(header[Scheme.Length..].Trim(), logger) ?? throw ApiException.Unauthorized("Authorization: this key is not in the server's key file. Ask its operator for one.");
        return !listener.IsAdmin || key.IsAdmin
            ? key
            : throw ApiException.Forbidden($"Key '{key.Name}' is not an admin's, expected one with \"admin\": true in the key file.", "not_admin");
    }

    private async Task WorkAsync(HttpContext context)
    {
        if (!drain.TryEnter())
        {
            context.Response.Headers.Connection = "close";
            throw ApiException.Unavailable("This server is shutting down and takes no new requests. Ask another one.", "shutting_down");
        }

        try
        {
            Spend(context);
            await next(context);
        }
        finally
        {
            drain.Leave();
        }
    }

    private static void Spend(HttpContext context)
    {
        ApiKey key = context.Caller();
        if (key.Budget is not { } budget)
        {
            return;
        }

        TimeSpan? wait = budget.TryTake(out int remaining);
        context.Response.Headers["x-ratelimit-limit-requests"] = budget.PerMinute.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers["x-ratelimit-remaining-requests"] = remaining.ToString(CultureInfo.InvariantCulture);
        if (wait is { } time)
        {
            throw ApiException.TooMany($"Key '{key.Name}' has used its {budget.PerMinute} requests a minute. Try again in {Math.Ceiling(time.TotalSeconds)} s.", time);
        }
    }
}
