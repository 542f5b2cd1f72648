using System.Text.Json;
using Microsoft.Extensions.AI;
using SkPeft.Connectors.Requests;
using SkPeft.Connectors.Tools;
using SkPeft.Engine.Generation;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Connectors.Answers;

/// <summary>The contents of an answer as it arrives: its text, and where the request has tools, calls of them.</summary>
internal sealed class AnswerContents
{
    private readonly ToolCallSplitter? _calls;
    private readonly ToolCallDeltas? _pieces;
    private readonly Dictionary<int, string> _marks = [];
    private int _count;

    private AnswerContents(ToolCallSplitter? calls, ToolCallDeltas? pieces) => (_calls, _pieces) = (calls, pieces);

    /// <summary>Whether there were calls so far.</summary>
    public bool HasCalls => _count > 0;

    /// <summary>What the last update said of calls.</summary>
    public IReadOnlyList<ToolCallDelta> Deltas { get; private set; } = [];

    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="convention">How the model writes calls.</param>
    /// <param name="request">The request.</param>
    /// <param name="id">The answer's id.</param>
    public static AnswerContents Of(ITokenizer tokenizer, ToolConvention convention, ChatRequest request, string id)
    {
        if (request.Tools.Count == 0)
        {
            return new AnswerContents(null, null);
        }

        HashSet<string> names = request.Tools.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        CallIds ids = new(id, convention.IdLength);

        // Where an object may be the format's as well as a call, its end must tell.
        bool isHeld = request.ToolChoice.NeedsGrammar && !(convention.IsBare && request.Format is not null);
        AnswerContents contents = new(new ToolCallSplitter(convention, names, ids), isHeld ? new ToolCallDeltas(convention, ids) : null);
        foreach (string mark in convention.Marks)
        {
            // The engine leaves special tokens out of the text; these say where a call stands.
            if (tokenizer.IdOf(mark) is { } token && tokenizer.IsSpecial(token) && !tokenizer.EndOfGenerationIds.Contains(token))
            {
                contents._marks.Add(token, mark);
            }
        }

        return contents;
    }

    public IReadOnlyList<AIContent> Push(GenerationUpdate update)
    {
        if (_calls is null)
        {
            return update.Text.Length > 0 ? [new TextContent(update.Text)] : [];
        }

        string mark = update.Token is { } token ? _marks.GetValueOrDefault(token.Id, "") : "";
        IReadOnlyList<AIContent> contents = _calls.Push(mark + update.Text);
        if (update.Finish is not null)
        {
            contents = [.. contents, .. _calls.Flush()];
        }

        Deltas = _pieces is not null ? _pieces.Push(mark + update.Text) : [.. contents.OfType<FunctionCallContent>().Select((call, i) => Whole(call, _count + i))];
        _count += contents.Count(c => c is FunctionCallContent);
        return contents;
    }

    private static ToolCallDelta Whole(FunctionCallContent call, int index) =>
        new(index, call.CallId, call.Name, JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), AIJsonUtilities.DefaultOptions));
}
