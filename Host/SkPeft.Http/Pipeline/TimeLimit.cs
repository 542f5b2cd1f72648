using Microsoft.AspNetCore.Http;

namespace SkPeft.Http.Pipeline;

/// <summary>Ends requests that take longer than they may.</summary>
internal sealed class TimeLimit(RequestDelegate next, HttpSettings settings, TimeProvider time)
{
    /// <exception cref="DeadlineException">The time is up.</exception>
    public async Task InvokeAsync(HttpContext context)
    {
        TimeSpan most = TimeSpan.FromSeconds(settings.RequestTimeoutSeconds);
        CancellationToken gone = context.RequestAborted;
        using CancellationTokenSource limit = new(most, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(gone, limit.Token);
        context.RequestAborted = either.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            throw new DeadlineException(most, "the answer had not ended");
        }
        finally
        {
            context.RequestAborted = gone;
        }
    }
}
