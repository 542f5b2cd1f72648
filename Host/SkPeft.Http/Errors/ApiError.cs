namespace SkPeft.Http.Errors;

/// <summary>The body of every error, as OpenAI writes it.</summary>
/// <param name="Error">What is wrong.</param>
internal sealed record ApiError(ApiErrorDetail Error)
{
    public static ApiError Of(ApiException e) => new(new ApiErrorDetail(e.Message, e.Type, e.Param, e.Code));
}

/// <summary>What is wrong.</summary>
/// <param name="Message">For people: what was found, what was expected, and the next step.</param>
/// <param name="Type">The kind of error.</param>
/// <param name="Param">The parameter that is wrong.</param>
/// <param name="Code">A stable word for programs.</param>
internal sealed record ApiErrorDetail(string Message, string Type, string? Param, string? Code);
