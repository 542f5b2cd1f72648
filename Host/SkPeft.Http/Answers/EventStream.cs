using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace SkPeft.Http.Answers;

/// <summary>Server-sent events as OpenAI sends them: one JSON document a <c>data:</c> line, and <c>[DONE]</c> behind a whole answer.</summary>
internal static class EventStream
{
    private const string ContentType = "text/event-stream; charset=utf-8";

    public static bool IsStreaming(HttpResponse response) => response.ContentType == ContentType;

    /// <summary>Sets the headers; nothing is sent yet.</summary>
    public static void Begin(HttpResponse response)
    {
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-cache";

        // nginx would collect events until its buffer is full.
        response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>Sends one document now; waits where the reader is slow.</summary>
    public static async Task WriteAsync<T>(HttpResponse response, T document, CancellationToken cancellation)
    {
        response.BodyWriter.Write("data: "u8);
        using (Utf8JsonWriter json = new(response.BodyWriter, new JsonWriterOptions { Encoder = JsonForm.Options.Encoder }))
        {
            JsonSerializer.Serialize(json, document, JsonForm.Options);
        }

        response.BodyWriter.Write("\n\n"u8);
        await response.BodyWriter.FlushAsync(cancellation);
    }

    /// <summary>Says that the answer is whole.</summary>
    public static async Task EndAsync(HttpResponse response, CancellationToken cancellation)
    {
        response.BodyWriter.Write("data: [DONE]\n\n"u8);
        await response.BodyWriter.FlushAsync(cancellation);
    }
}
