using Microsoft.AspNetCore.Http;

namespace SkPeft.Http.Errors;

/// <summary>A refusal in OpenAI's form: status, and what stands in <c>error</c>.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="type">OpenAI's <c>type</c>, for instance <c>invalid_request_error</c>.</param>
/// <param name="message">What was found, what was expected, and the next step.</param>
/// <param name="inner">The cause, if there was one.</param>
internal sealed class ApiException(int status, string type, string message, Exception? inner = null) : Exception(message, inner)
{
    private const string InvalidRequest = "invalid_request_error";

    public int Status { get; } = status;

    public string Type { get; } = type;

    /// <summary>A stable word that programs may switch on, or null.</summary>
    public string? Code { get; init; }

    /// <summary>The parameter that is wrong, or null.</summary>
    public string? Param { get; init; }

    /// <summary>When to try again, where that helps.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static ApiException BadRequest(string? param, string message, string? code = "invalid_value", Exception? inner = null) =>
        new(StatusCodes.Status400BadRequest, InvalidRequest, message, inner) { Param = param, Code = code };

    public static ApiException BadValue(string param, string found, string expected) => BadRequest(param, $"{param}: {found} is not accepted, expected {expected}.");

    public static ApiException NotFound(string message, string code, string? param = null, Exception? inner = null) =>
        new(StatusCodes.Status404NotFound, InvalidRequest, message, inner) { Code = code, Param = param };

    public static ApiException ModelNotFound(string message, Exception? inner = null) => NotFound(message, "model_not_found", "model", inner);

    public static ApiException Conflict(string message, string code, Exception? inner = null) => new(StatusCodes.Status409Conflict, InvalidRequest, message, inner) { Code = code };

    public static ApiException Forbidden(string message, string code, string? param = null) =>
        new(StatusCodes.Status403Forbidden, "permission_error", message) { Code = code, Param = param };

    public static ApiException Unauthorized(string message) =>
        new(StatusCodes.Status401Unauthorized, "authentication_error", message) { Code = "invalid_api_key" };

    public static ApiException TooMany(string message, TimeSpan retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, "rate_limit_error", message) { Code = "rate_limit_exceeded", RetryAfter = retryAfter };

    public static ApiException Unavailable(string message, string code, TimeSpan? retryAfter = null) =>
        new(StatusCodes.Status503ServiceUnavailable, "server_error", message) { Code = code, RetryAfter = retryAfter };
}
