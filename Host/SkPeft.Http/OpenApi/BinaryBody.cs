namespace SkPeft.Http.OpenApi;

/// <summary>An endpoint whose body is bytes and no JSON.</summary>
/// <param name="ContentType">Their type.</param>
internal sealed record BinaryBody(string ContentType);
