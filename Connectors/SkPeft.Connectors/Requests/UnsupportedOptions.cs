using Microsoft.Extensions.AI;

namespace SkPeft.Connectors.Requests;

/// <summary>Options of the abstraction that have no meaning here, or that could not be kept.</summary>
internal static class UnsupportedOptions
{
    public static void Refuse(ChatOptions options, IChatClient client)
    {
        Refuse(nameof(ChatOptions.ConversationId), options.ConversationId, "nothing: no conversation is kept here, send all of its messages");
        if (options.Reasoning is { } reasoning && (reasoning.Effort is not null || reasoning.Output is not null))
        {
            Refuse(nameof(ChatOptions.Reasoning), "an effort or output", "nothing: reasoning cannot be steered");
        }

#pragma warning disable MEAI001 // Experimental options are refused by name as well.
        if (options.AllowBackgroundResponses == true)
        {
            Refuse(nameof(ChatOptions.AllowBackgroundResponses), "true", "nothing or false");
        }

        Refuse(nameof(ChatOptions.ContinuationToken), options.ContinuationToken is null ? null : "a token", "nothing: there are no background responses");
#pragma warning restore MEAI001

        // By its contract a factory may return null: then there is nothing to honour.
        string? raw = options.RawRepresentationFactory?.Invoke(client)?.GetType().Name;
        Refuse(nameof(ChatOptions.RawRepresentationFactory), raw, "nothing, or a factory that returns null");
    }

    private static void Refuse(string option, string? found, string expected)
    {
        if (!string.IsNullOrEmpty(found))
        {
            throw new InvalidOptionException(option, $"'{found}'", expected);
        }
    }
}
