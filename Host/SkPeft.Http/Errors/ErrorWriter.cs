using System.Globalization;
using Microsoft.AspNetCore.Http;
using SkPeft.Http.Answers;

namespace SkPeft.Http.Errors;

/// <summary>Writes an error as the whole answer, or as the last event of a stream that has begun.</summary>
internal static class ErrorWriter
{
    public static async Task WriteAsync(HttpContext context, ApiException error)
    {
        HttpResponse response = context.Response;
        if (response.HasStarted)
        {
            if (EventStream.IsStreaming(response))
            {
                // No [DONE] follows: a reader that waits for it knows that the answer is not whole.
                await EventStream.WriteAsync(response, ApiError.Of(error), context.RequestAborted);
            }
            else
            {
                context.Abort();
            }

            return;
        }

        // Headers that were set on the way (CORS, budgets) belong to this answer too.
        response.StatusCode = error.Status;
        if (error.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (error.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        await response.WriteAsJsonAsync(ApiError.Of(error), JsonForm.Options, context.RequestAborted);
    }
}
