using System.Text;
using Microsoft.Extensions.AI;

namespace SkPeft.Connectors.Answers;

/// <summary>Puts the updates of one answer together: what streaming says piece by piece, the response says at once.</summary>
internal sealed class ResponseCollector
{
    private readonly StringBuilder _text = new();
    private readonly List<AIContent> _others = [];
    private readonly List<TokenProbability> _probabilities = [];
    private UsageDetails? _usage;
    private ChatResponseUpdate? _last;

    public void Add(ChatResponseUpdate update)
    {
        foreach (AIContent content in update.Contents)
        {
            switch (content)
            {
                case TextContent text:
                    _text.Append(text.Text);
                    break;
                case UsageContent usage:
                    _usage = usage.Details;
                    break;
                default:
                    _others.Add(content);
                    break;
            }
        }

        if (update.AdditionalProperties?.TryGetValue(TokenProbability.PropertyName, out TokenProbability[]? tokens) == true)
        {
            _probabilities.AddRange(tokens);
        }

        _last = update;
    }

    public ChatResponse ToResponse()
    {
        ChatResponseUpdate last = _last ?? throw new InvalidOperationException("An answer has at least its last update.");
        List<AIContent> contents = _text.Length > 0 || _others.Count == 0 ? [new TextContent(_text.ToString()), .. _others] : _others;
        ChatMessage message = new(ChatRole.Assistant, contents)
        {
            MessageId = last.MessageId,
            CreatedAt = last.CreatedAt,
            AdditionalProperties = Properties(last),
        };
        return new ChatResponse(message)
        {
            ResponseId = last.ResponseId,
            ModelId = last.ModelId,
            CreatedAt = last.CreatedAt,
            FinishReason = last.FinishReason,
            Usage = _usage,
            AdditionalProperties = Properties(last),
        };
    }

    private AdditionalPropertiesDictionary Properties(ChatResponseUpdate last)
    {
        AdditionalPropertiesDictionary properties = new(last.AdditionalProperties ?? []);
        if (_probabilities.Count > 0)
        {
            properties[TokenProbability.PropertyName] = _probabilities.ToArray();
        }

        return properties;
    }
}
