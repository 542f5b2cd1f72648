using System.Text.Json;
using System.Text.Json.Nodes;
using SkPeft.Engine.Prompting;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Training.Data;

/// <summary>
/// <c>{ "messages": [...] }</c> by the model's own chat template. The loss is on what the assistant says, through the token that ends its
/// turn; everything else is context.
/// </summary>
internal sealed class ChatLine : ILineReader
{
    private readonly TrainingData _data;
    private readonly ExampleNeeds _needs;
    private readonly ITokenizer _tokenizer;
    private readonly ChatTemplate _template;

    public ChatLine(TrainingData data, TextTools tools, ExampleNeeds needs)
    {
        _data = data;
        _needs = needs;
        _tokenizer = tools.Tokenizer ?? throw new TrainingException($"{tools.Path} brings no tokenizer, so --chat cannot be used. Put tokenizer.json beside its weights.");
        _template = tools.Template() ?? throw new TrainingException($"{tools.Path} brings no chat template, so --chat cannot be used. Use --prompt and --completion.");
    }

    public Example Read(DataLine line)
    {
        JsonArray messages = Messages(line, "messages") ?? throw line.Error("there is no field 'messages'.");
        JsonArray? tools = Messages(line, "tools");
        List<(IReadOnlyList<int> Prompt, IReadOnlyList<int> Answer)> turns = [];
        for (int i = 0; i < messages.Count; i++)
        {
            if (RoleOf(messages[i]) == "assistant")
            {
                turns.Add(Turn(line, messages, tools, i));
            }
        }

        return turns.Count == 0
            ? throw new UnusableLineException("no message has the role 'assistant': there is nothing to learn.")
            : new Example { Line = line.Number, Passages = _data.LossOnAll ? [Passage.Of(turns[^1].Prompt, turns[^1].Answer, true)] : Passages(turns) };
    }

    private IReadOnlyList<Passage> Passages(List<(IReadOnlyList<int> Prompt, IReadOnlyList<int> Answer)> turns) =>
        !_needs.TurnByTurn && turns.Take(turns.Count - 1).All(t => turns[^1].Prompt.Take(t.Prompt.Count + t.Answer.Count).SequenceEqual(t.Prompt.Concat(t.Answer)))
            ? [Together(turns)]
            : [.. turns.Select(t => Passage.Of(t.Prompt, t.Answer, false))];

    // One sequence for all turns, where every later prompt begins with what was said before; the answers' places carry loss.
    private static Passage Together(List<(IReadOnlyList<int> Prompt, IReadOnlyList<int> Answer)> turns)
    {
        int[] ids = [.. turns[^1].Prompt, .. turns[^1].Answer];
        int from = Math.Max(1, turns[0].Prompt.Count);
        bool[] mask = new bool[ids.Length - from];
        foreach ((IReadOnlyList<int> prompt, IReadOnlyList<int> answer) in turns)
        {
            int start = Math.Max(from, prompt.Count);
            mask.AsSpan(start - from, prompt.Count + answer.Count - start).Fill(true);
        }

        return new Passage(ids, turns[0].Prompt.Count, from) { Mask = Array.TrueForAll(mask, m => m) ? null : mask };
    }

    private (IReadOnlyList<int> Prompt, IReadOnlyList<int> Answer) Turn(DataLine line, JsonArray messages, JsonArray? tools, int index)
    {
        RenderedPrompt before = Render(messages.Take(index), tools, true), after = Render(messages.Take(index + 1), tools, false);
        if (!after.Text.StartsWith(before.Text, StringComparison.Ordinal))
        {
            throw line.Error($"the chat template does not write message {index} behind the prompt that it writes for it, so the place of its loss is not known. Use --prompt and --completion.");
        }

        IReadOnlyList<int> prompt = Encode(before), answer = Encode(new RenderedPrompt(after.Text[before.Text.Length..], After(after.UntrustedSpans, before.Text.Length)));
        int end = answer.ToList().FindIndex(_tokenizer.EndOfGenerationIds.Contains);
        if (answer.Count == 0 || end == 0)
        {
            throw new UnusableLineException($"message {index} of the assistant is empty.");
        }

        return (prompt, end < 0 ? answer : [.. answer.Take(end + 1)]);
    }

    private IReadOnlyList<int> Encode(RenderedPrompt text) => _tokenizer.Encode(text.Text, text.UntrustedSpans);

    private static IReadOnlyList<(int Start, int Length)> After(IReadOnlyList<(int Start, int Length)> spans, int from) =>
    [
        .. spans.Where(s => s.Start + s.Length > from).Select(s => (Math.Max(0, s.Start - from), s.Start + s.Length - Math.Max(s.Start, from))),
    ];

    private RenderedPrompt Render(IEnumerable<JsonNode?> messages, JsonArray? tools, bool generation) => _template.Render(new ChatTemplateInput
    {
        Messages = [.. messages.Select(m => m?.DeepClone())],
        Tools = tools,
        AddGenerationPrompt = generation,
        BosToken = _tokenizer.BosId is { } bos ? _tokenizer.TokenText(bos) : null,
        EosToken = _tokenizer.EosId is { } eos ? _tokenizer.TokenText(eos) : null,
    });

    private static JsonArray? Messages(DataLine line, string field)
    {
        if (line.Find(field) is not { } list)
        {
            return null;
        }

        return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(m => m.ValueKind == JsonValueKind.Object)
            ? (JsonArray)JsonParsing.NodeOf(list)!
            : throw line.Error($"'{field}' is {JsonParsing.Describe(list)}, expected a list of objects, such as [ {{ \"role\": \"user\", \"content\": \"…\" }}, … ].");
    }

    private static string? RoleOf(JsonNode? message) =>
        message?["role"] is JsonValue role && role.GetValueKind() == JsonValueKind.String ? role.GetValue<string>() : null;
}
