using SkPeft.Http.Errors;

namespace SkPeft.Http.Requests;

/// <summary>Whether an answer is streamed, and whether its usage comes as an event of its own.</summary>
internal sealed record StreamOptions(bool IsStream, bool IncludeUsage)
{
    public static StreamOptions Read(ObjectReader body)
    {
        bool stream = body.Flag("stream") ?? false;
        if (body.Object("stream_options") is not { } options)
        {
            return new StreamOptions(stream, false);
        }

        if (!stream)
        {
            throw ApiException.BadRequest("stream_options", "stream_options: an object is not accepted, expected nothing where stream is not true.");
        }

        bool usage = options.Flag("include_usage") ?? false;
        if (options.Flag("include_obfuscation") == true)
        {
            throw options.Wrong("include_obfuscation", options.Any("include_obfuscation")!.Value, "false: events are not padded here");
        }

        options.RefuseOthers();
        return new StreamOptions(true, usage);
    }
}
