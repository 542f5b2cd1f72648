namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>The tokens of a template, read from left to right.</summary>
internal sealed class TokenStream(IReadOnlyList<Token> tokens)
{
    private int _next;

    public Token Current => tokens[_next];

    public Token Ahead => tokens[Math.Min(_next + 1, tokens.Count - 1)];

    /// <summary>Takes the current token; the last one stays.</summary>
    public Token Take()
    {
        Token token = tokens[_next];
        _next = Math.Min(_next + 1, tokens.Count - 1);
        return token;
    }

    public bool SkipName(string name) => Skip(Current.IsName(name));

    public bool SkipOperator(string text) => Skip(Current.IsOperator(text));

    public string ExpectName() => Current.Kind == TokenKind.Name ? Take().Text : throw Unexpected("a name");

    public Token ExpectOperator(string text) => Current.IsOperator(text) ? Take() : throw Unexpected($"'{text}'");

    public Token Expect(TokenKind kind, string what) => Current.Kind == kind ? Take() : throw Unexpected(what);

    public TemplateSyntaxException Unexpected(string expected) => new(Current.Line, $"found {Current.Describe()}, expected {expected}");

    private bool Skip(bool matches)
    {
        if (matches)
        {
            Take();
        }

        return matches;
    }
}
