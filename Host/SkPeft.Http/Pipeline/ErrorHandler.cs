using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SkPeft.Http.Errors;

namespace SkPeft.Http.Pipeline;

/// <summary>Turns whatever goes wrong into OpenAI's form of an error.</summary>
internal sealed class ErrorHandler(RequestDelegate next, ServerPaths paths, ILogger logger)
{
    // nginx's word for it; nobody is left to read it but the metrics.
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            await FillAsync(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = ClientClosedRequest;
            }
        }
        catch (Exception e)
        {
            await AnswerAsync(context, e);
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception e)
    {
        ApiException error = paths.Hide(ErrorMap.Of(e));
        if (error.Status == StatusCodes.Status500InternalServerError)
        {
            logger.LogError(e, "{Method} {Path} ({Id}) failed: {Message}", context.Request.Method, context.Request.Path, context.TraceIdentifier, e.Message);
        }

        try
        {
            await ErrorWriter.WriteAsync(context, error);
        }
        catch (Exception again) when (again is IOException or OperationCanceledException)
        {
            // The client went before it could be told.
        }
    }

    // Routing answers with a bare status.
    private static async Task FillAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        if (response.HasStarted || response.StatusCode < StatusCodes.Status400BadRequest || response.ContentLength is not null || response.ContentType is not null)
        {
            return;
        }

        string what = $"{context.Request.Method} {context.Request.Path}";
        ApiException error = response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ApiException.NotFound($"There is no {what}. GET /openapi/v1.json lists what there is.", "not_found"),
            StatusCodes.Status405MethodNotAllowed => new ApiException(response.StatusCode, "invalid_request_error",
                $"{what} is not accepted, expected {response.Headers.Allow}.") { Code = "method_not_allowed" },
            int status => new ApiException(status, "invalid_request_error", $"{what} was answered with status {status}.") { Code = "bad_request" },
        };
        await ErrorWriter.WriteAsync(context, error);
    }
}
