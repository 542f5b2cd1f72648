using Microsoft.Extensions.AI;
using SkPeft.Connectors.Tools;
using SkPeft.Engine.Generation;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Connectors.Answers;

/// <summary>The contents of an answer as it arrives: its text, and where the request has tools, calls of them.</summary>
internal sealed class AnswerContents
{
    private readonly ToolCallSplitter? _calls;
    private readonly Dictionary<int, string> _marks = [];

    private AnswerContents(ToolCallSplitter? calls) => _calls = calls;

    /// <summary>Whether there were calls so far.</summary>
    public bool HasCalls { get; private set; }

    public static AnswerContents Of(ITokenizer tokenizer, ToolConvention convention, IReadOnlyList<AIFunctionDeclaration> tools, string id)
    {
        if (tools.Count == 0)
        {
            return new AnswerContents(null);
        }

        HashSet<string> names = tools.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        AnswerContents contents = new(new ToolCallSplitter(convention, names, new CallIds(id, convention.IdLength)));
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

        HasCalls |= contents.Any(c => c is FunctionCallContent);
        return contents;
    }
}
