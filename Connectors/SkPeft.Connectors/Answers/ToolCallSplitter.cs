using System.Text.Json;
using Microsoft.Extensions.AI;

namespace SkPeft.Connectors.Answers;

/// <summary>
/// Takes <c>&lt;tool_call&gt;{"name": …, "arguments": {…}}&lt;/tool_call&gt;</c> out of an answer as it arrives: the form of Hermes, Qwen
/// and SmolLM2. Calls in any other form stay text.
/// </summary>
/// <param name="callIdPrefix">What ids of calls begin with.</param>
internal sealed class ToolCallSplitter(string callIdPrefix)
{
    private const string Open = "<tool_call>";
    private const string Close = "</tool_call>";

    private readonly List<FunctionCallContent> _calls = [];
    private string _held = "";

    /// <summary>The calls so far.</summary>
    public IReadOnlyList<FunctionCallContent> Calls => _calls;

    /// <summary>Takes text and gives back what is certainly not part of a call.</summary>
    public string Push(string text)
    {
        _held += text;
        string shown = "";
        while (true)
        {
            int open = _held.IndexOf(Open, StringComparison.Ordinal);
            if (open < 0)
            {
                int keep = PartOfOpen(_held);
                shown += _held[..^keep];
                _held = keep == 0 ? "" : _held[^keep..];
                return shown;
            }

            int close = _held.IndexOf(Close, open, StringComparison.Ordinal);
            if (close < 0)
            {
                shown += _held[..open];
                _held = _held[open..];
                return shown;
            }

            string inner = _held[(open + Open.Length)..close];
            int end = close + Close.Length;
            shown += TryRead(inner) is { } call ? Keep(call, _held[..open]) : _held[..end];
            _held = _held[end..];
        }
    }

    /// <summary>The rest, at the end of the answer: an unfinished call is text.</summary>
    public string Flush()
    {
        (string rest, _held) = (_held, "");
        return _calls.Count > 0 && string.IsNullOrWhiteSpace(rest) ? "" : rest;
    }

    private string Keep(FunctionCallContent call, string before)
    {
        _calls.Add(call);
        return string.IsNullOrWhiteSpace(before) ? "" : before;
    }

    private static int PartOfOpen(string text)
    {
        for (int length = Math.Min(Open.Length - 1, text.Length); length > 0; length--)
        {
            if (text.AsSpan(text.Length - length).SequenceEqual(Open.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }

    private FunctionCallContent? TryRead(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("name", out JsonElement name) || name.ValueKind != JsonValueKind.String)
            {
                return null;
            }

            Dictionary<string, object?>? arguments = root.TryGetProperty("arguments", out JsonElement given) && given.ValueKind == JsonValueKind.Object
                ? given.EnumerateObject().DistinctBy(p => p.Name).ToDictionary(p => p.Name, p => (object?)p.Value.Clone())
                : null;
            return new FunctionCallContent($"{callIdPrefix}{_calls.Count}", name.GetString()!, arguments);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
