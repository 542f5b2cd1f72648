using System.Text.Json;
using SkPeft.Engine.Prompting;
using SkPeft.Engine.Tokenization;
using SkPeft.Http.Errors;
using SkPeft.Http.Requests;

namespace SkPeft.Http.Completions;

/// <summary>A prompt as it was sent: a text, or token ids.</summary>
internal sealed record RawPrompt(string? Text, int[]? Ids)
{
    /// <summary>The prompt in tokens.</summary>
    public IReadOnlyList<int> Encode(ITokenizer tokenizer, SoftSlots? slots) => Ids ?? PromptReader.OfText(tokenizer, Text!, slots, addBos: true);
}

/// <summary>Reads <c>prompt</c>: a text, a list of texts, token ids, or a list of lists of token ids.</summary>
internal static class PromptReader
{
    private const string Expected = "a text, a list of texts, a list of token ids, or a list of such lists";

    public static IReadOnlyList<RawPrompt> Read(ObjectReader body, int vocabulary)
    {
        JsonElement prompt = body.Any("prompt") ?? throw body.Missing("prompt", Expected);
        if (prompt.ValueKind == JsonValueKind.String)
        {
            return [new RawPrompt(prompt.GetString(), null)];
        }

        if (prompt.ValueKind != JsonValueKind.Array || prompt.GetArrayLength() == 0)
        {
            throw body.Wrong("prompt", prompt, Expected);
        }

        return prompt[0].ValueKind switch
        {
            JsonValueKind.String => [.. body.Texts("prompt").Select(text => new RawPrompt(text, null))],
            JsonValueKind.Number => [new RawPrompt(null, Ids(prompt, "prompt", vocabulary))],
            JsonValueKind.Array => [.. body.List("prompt")!.Select(item => new RawPrompt(null, Ids(item.Value, item.Path, vocabulary)))],
            _ => throw body.Wrong("prompt", prompt, Expected),
        };
    }

    /// <summary>Token ids of the vocabulary, each checked.</summary>
    public static int[] Ids(JsonElement list, string path, int vocabulary)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw ApiException.BadValue(path, JsonShown.Of(list), "a list of token ids");
        }

        return [.. list.EnumerateArray().Select((item, i) => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int id) && id >= 0 && id < vocabulary
            ? id
            : throw ApiException.BadValue($"{path}[{i}]", JsonShown.Of(item), $"a token id, 0 to {vocabulary - 1}"))];
    }

    /// <summary>Raw text: whoever writes a prompt by hand may write special tokens; BOS comes first where the tokenizer says so, and not twice.</summary>
    public static IReadOnlyList<int> OfText(ITokenizer tokenizer, string text, SoftSlots? slots, bool addBos)
    {
        IReadOnlyList<int> ids = SlottedPrompt.Encode(tokenizer, [new TextSegment(text, Trusted: true)], slots);
        return addBos && tokenizer is { AddBosByDefault: true, BosId: { } bos } && (ids.Count == 0 || ids[0] != bos) ? [bos, .. ids] : ids;
    }
}
