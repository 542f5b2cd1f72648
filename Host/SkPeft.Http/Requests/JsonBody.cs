using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SkPeft.Http.Errors;

namespace SkPeft.Http.Requests;

/// <summary>Reads a request's body as one JSON object. What is wrong with it is a 400 that says where.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <returns>The document; dispose it when the request has ended.</returns>
    public static async Task<JsonDocument> ReadAsync(HttpContext context)
    {
        // A form of another site can be posted without asking; JSON by that name cannot.
        if (!context.Request.HasJsonContentType())
        {
            throw new ApiException(StatusCodes.Status415UnsupportedMediaType, "invalid_request_error",
                $"Content-Type: '{context.Request.ContentType}' is not accepted, expected application/json.") { Code = "unsupported_media_type" };
        }

        JsonDocument document;
        try
        {
            document = await JsonDocument.ParseAsync(context.Request.Body, s_options, context.RequestAborted);
        }
        catch (JsonException e)
        {
            throw ApiException.BadRequest(null, $"The body is not JSON: {e.Message}", "invalid_json");
        }
        catch (InvalidOperationException)
        {
            // Names are compared while they are parsed, and one of them is no text.
            throw NoText();
        }

        try
        {
            RequireText(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : throw ApiException.BadRequest(null, $"The body is {JsonShown.Of(document.RootElement)}, expected an object.", "invalid_json");
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    // Escapes may spell half a surrogate pair, which is no text; the parser finds that only when somebody reads it.
    private static void RequireText(JsonElement element)
    {
        try
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    _ = element.GetString();
                    break;
                case JsonValueKind.Array:
                    foreach (JsonElement item in element.EnumerateArray())
                    {
                        RequireText(item);
                    }

                    break;
                case JsonValueKind.Object:
                    foreach (JsonProperty property in element.EnumerateObject())
                    {
                        _ = property.Name;
                        RequireText(property.Value);
                    }

                    break;
            }
        }
        catch (InvalidOperationException)
        {
            throw NoText();
        }
    }

    private static ApiException NoText() =>
        ApiException.BadRequest(null, "The body has a text with half a surrogate pair (an escape such as \\uD800 alone), expected whole characters.", "invalid_json");
}
