using SkPeft.Engine.Tokenization;

namespace SkPeft.Connectors.Skills;

/// <summary>A skill's prompt: text around <c>{input}</c>. Special tokens count in the template's own text and never in the input.</summary>
internal sealed class PromptTemplate
{
    public const string Input = "{input}";

    private readonly string[] _parts;

    private PromptTemplate(string[] parts) => _parts = parts;

    /// <summary>Null where it cannot be used; <paramref name="problem"/> says why.</summary>
    public static PromptTemplate? TryParse(string text, out string? problem)
    {
        string[] parts = text.Split(Input);
        problem = parts.Length > 1 ? null : $"the prompt has no {Input}, where the user's text would go.";
        return problem is null ? new PromptTemplate(parts) : null;
    }

    public bool EndsInSpace => _parts[^1] is { Length: > 0 } last && char.IsWhiteSpace(last[^1]);

    public IReadOnlyList<TextSegment> Fill(string input)
    {
        List<TextSegment> segments = [];
        for (int i = 0; i < _parts.Length; i++)
        {
            if (i > 0)
            {
                segments.Add(new TextSegment(input, Trusted: false));
            }

            segments.Add(new TextSegment(_parts[i], Trusted: true));
        }

        return segments;
    }
}
