using Microsoft.AspNetCore.Http;

namespace SkPeft.Http.Errors;

/// <summary>Which answer an exception becomes.</summary>
internal static class ErrorMap
{
    private const string InvalidRequest = "invalid_request_error";
    private const string ServerError = "server_error";

    /// <summary>The answer; its status is 500 only where this server, its files or a plugin are at fault.</summary>
    public static ApiException Of(Exception error) => error switch
    {
        ApiException e => e,
        InvalidOptionException e => OptionError.Of(e),
        ContextLengthException e => Make(StatusCodes.Status400BadRequest, InvalidRequest, e, "context_length_exceeded"),
        AdapterNotFoundException or NoRouteException => ApiException.ModelNotFound(error.Message, error),
        EngineBusyException e => new ApiException(StatusCodes.Status503ServiceUnavailable, ServerError, e.Message, e) { Code = e.Kind, RetryAfter = e.RetryAfter },
        DeadlineException e => Make(StatusCodes.Status504GatewayTimeout, ServerError, e, e.Kind),
        AdapterIntegrityException or PluginFaultException or PluginLoadException or ModelOutputException or ConfigurationException or StoreException
            => Make(StatusCodes.Status500InternalServerError, ServerError, error, ((SkPeftException)error).Kind),
        SkPeftException e => Make(StatusCodes.Status400BadRequest, InvalidRequest, e, e.Kind),
        BadHttpRequestException e => OfTransport(e),
        ObjectDisposedException => ApiException.Unavailable("This server is shutting down: the model was closed. Ask another one.", "shutting_down"),
        _ => new ApiException(StatusCodes.Status500InternalServerError, ServerError,
            $"This server failed ({error.GetType().Name}); the request is not to blame. Its log has the details; report them.", error) { Code = "internal_error" },
    };

    private static ApiException Make(int status, string type, Exception e, string code) => new(status, type, e.Message, e) { Code = code };

    private static ApiException OfTransport(BadHttpRequestException e) => e.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? Make(e.StatusCode, InvalidRequest, new InvalidOperationException("The request's body is larger than this server accepts (MaxRequestBytes). Send a smaller one.", e), "request_too_large")
        : Make(e.StatusCode, InvalidRequest, e, "bad_request");
}
