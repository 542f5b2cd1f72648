using System.Runtime.CompilerServices;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>Parses a whole template, statement by statement.</summary>
internal sealed class StatementParser
{
    private readonly TokenStream _stream;
    private readonly ParserState _state = new();
    private readonly ExpressionParser _expressions;

    private StatementParser(TokenStream stream)
    {
        _stream = stream;
        _expressions = new ExpressionParser(stream, _state);
    }

    /// <exception cref="TemplateSyntaxException">The source is not a template.</exception>
    public static Block Parse(string source)
    {
        StatementParser parser = new(new TokenStream(Lexer.Tokenize(source)));
        Block body = parser.ParseBody([], out _);
        return parser._state.Unknown is [var unknown, ..] ? throw unknown : body;
    }

    /// <summary>Statements up to one of the tags named, which is taken; none named means the template's end.</summary>
    private Block ParseBody(string[] ends, out Token end)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        int opened = _stream.Current.Line;
        List<Statement> body = [];
        while (true)
        {
            Token token = _stream.Take();
            switch (token.Kind)
            {
                case TokenKind.Data:
                    body.Add(new Data(token.Line, token.Text));
                    break;
                case TokenKind.VariableBegin:
                    body.Add(new Print(token.Line, _expressions.ParseTuple()));
                    _stream.Expect(TokenKind.VariableEnd, "'}}'");
                    break;
                case TokenKind.BlockBegin when _stream.Current.Kind == TokenKind.Name && ends.Contains(_stream.Current.Text):
                    end = _stream.Take();
                    return new Block(body);
                case TokenKind.BlockBegin:
                    body.Add(ParseStatement(ends));
                    _stream.Expect(TokenKind.BlockEnd, "'%}'");
                    break;
                case TokenKind.End when ends.Length == 0:
                    end = token;
                    return new Block(body);
                default:
                    throw new TemplateSyntaxException(token.Line,
                        $"unexpected end of template: the tag of line {opened} needs {string.Join(" or ", ends.Select(e => $"'{{% {e} %}}'"))}");
            }
        }
    }

    /// <summary>The rest of a tag, then statements up to one of the tags named.</summary>
    private Block ParseTagBody(out Token end, params string[] ends)
    {
        _stream.SkipOperator(":");
        _stream.Expect(TokenKind.BlockEnd, "'%}'");
        return ParseBody(ends, out end);
    }

    private Block ParseTagBody(string end) => ParseTagBody(out _, end);

    private Statement ParseStatement(string[] ends)
    {
        Token tag = _stream.Expect(TokenKind.Name, "the name of a tag");
        return tag.Text switch
        {
            "for" => ParseFor(tag.Line),
            "if" => ParseIf(tag.Line),
            "set" => ParseSet(tag.Line),
            "macro" => ParseMacro(tag.Line),
            "call" => ParseCall(tag.Line),
            "filter" => ParseFilterBlock(tag.Line),
            "with" => ParseWith(tag.Line),
            "print" => ParsePrint(tag.Line),
            "block" => ParseBlock(tag.Line),
            "generation" => new GenerationBlock(tag.Line, ParseDefinition(null, () => ParseTagBody("endgeneration"), [])),
            "autoescape" => ParseAutoescape(tag.Line),
            "break" or "continue" => ParseJump(tag),
            "include" or "import" or "from" or "extends" => ParseRefused(tag),
            _ => throw new TemplateSyntaxException(tag.Line, $"Encountered unknown tag '{tag.Text}'." +
                (ends.Length == 0 ? string.Empty : $" Looked for {string.Join(" or ", ends)}.")),
        };
    }

    private For ParseFor(int line)
    {
        _state.Fors++;
        Expression target = _expressions.ParseTarget(namespaces: false);
        if (!_stream.SkipName("in"))
        {
            throw _stream.Unexpected("'in'");
        }

        Expression items = _expressions.ParseTuple(inlineIf: false);
        (bool soft, _state.Soft) = (_state.Soft, false);
        Expression? test = _stream.SkipName("if") ? _expressions.Parse() : null;
        bool recursive = _stream.SkipName("recursive");
        _state.Loops++;
        Block body = ParseTagBody(out Token end, "endfor", "else");
        _state.Loops--;
        Block otherwise = end.Text == "else" ? ParseTagBody("endfor") : Block.Empty;
        _state.Soft = soft;
        _state.Fors--;
        return new For(line, target, items, test, recursive, body, otherwise);
    }

    private If ParseIf(int line)
    {
        (bool soft, _state.Soft) = (_state.Soft, true);
        List<(Expression, Block)> branches = [];
        Block otherwise = Block.Empty;
        Token end;
        do
        {
            Expression test = _expressions.ParseTuple(inlineIf: false);
            branches.Add((test, ParseTagBody(out end, "elif", "else", "endif")));
        }
        while (end.Text == "elif");

        if (end.Text == "else")
        {
            otherwise = ParseTagBody("endif");
        }

        _state.Soft = soft;
        return new If(line, branches, otherwise);
    }

    private Statement ParseSet(int line)
    {
        Expression target = _expressions.ParseTarget(namespaces: true);
        if (_stream.SkipOperator("="))
        {
            return new Set(line, target, _expressions.ParseTuple());
        }

        FilterCall? filter = _expressions.ParseFilters(null);
        return new SetBlock(line, target, filter, Hard(() => ParseTagBody("endset")));
    }

    private MacroStatement ParseMacro(int line)
    {
        string name = _expressions.ParseTargetName();
        return new MacroStatement(line, ParseDefinition(name, () => ParseTagBody("endmacro")));
    }

    private CallBlock ParseCall(int line)
    {
        List<MacroParameter> parameters = _stream.Current.IsOperator("(") ? ParseSignature() : [];
        Call call = _expressions.Parse() as Call ?? throw new TemplateSyntaxException(line, "expected a call after '{% call %}'");
        return new CallBlock(line, call, ParseDefinition(null, () => ParseTagBody("endcall"), parameters));
    }

    private MacroDefinition ParseDefinition(string? name, Func<Block> parseBody, List<MacroParameter>? parameters = null)
    {
        _state.OpenMacro();
        parameters ??= ParseSignature();
        Block body = Isolated(parseBody);
        HashSet<string> uses = _state.CloseMacro();
        return new MacroDefinition(name, parameters, body, uses.Contains("caller"), uses.Contains("kwargs"), uses.Contains("varargs"));
    }

    private List<MacroParameter> ParseSignature()
    {
        List<MacroParameter> parameters = [];
        int line = _stream.ExpectOperator("(").Line;
        while (!_stream.Current.IsOperator(")"))
        {
            if (parameters.Count > 0)
            {
                _stream.ExpectOperator(",");
            }

            string name = _expressions.ParseTargetName();
            Expression? value = _stream.SkipOperator("=") ? _expressions.Parse() : null;
            if (value is null && parameters.Count > 0 && parameters[^1].Default is not null)
            {
                throw new TemplateSyntaxException(line, "non-default argument follows default argument");
            }

            if (parameters.Exists(p => p.Name == name))
            {
                throw new TemplateSyntaxException(line, $"duplicate argument '{name}'");
            }

            parameters.Add(new MacroParameter(name, value));
        }

        _stream.Take();
        return parameters;
    }

    private FilterBlock ParseFilterBlock(int line)
    {
        FilterCall filter = _expressions.ParseFilters(null, startInline: true)!;
        return new FilterBlock(line, filter, Hard(() => ParseTagBody("endfilter")));
    }

    private With ParseWith(int line)
    {
        List<(Expression, Expression)> bindings = [];
        while (_stream.Current.Kind != TokenKind.BlockEnd)
        {
            if (bindings.Count > 0)
            {
                _stream.ExpectOperator(",");
            }

            Expression target = _expressions.ParseTarget(namespaces: false);
            _stream.ExpectOperator("=");
            bindings.Add((target, _expressions.Parse()));
        }

        return new With(line, bindings, Hard(() => ParseTagBody("endwith")));
    }

    private Print ParsePrint(int line)
    {
        List<Expression> parts = [];
        while (_stream.Current.Kind != TokenKind.BlockEnd)
        {
            if (parts.Count > 0)
            {
                _stream.ExpectOperator(",");
            }

            parts.Add(_expressions.Parse());
        }

        return new Print(line, new Concatenation(line, parts));
    }

    private ScopedBlock ParseBlock(int line)
    {
        string name = _stream.ExpectName();
        bool scoped = _stream.SkipName("scoped");
        _stream.SkipName("required");
        // A block is a function beside the macro it stands in: what it names is not named by the macro.
        Stack<HashSet<string>> macros = _state.HideMacros();
        Block body = Isolated(() => ParseTagBody("endblock"));
        _state.ShowMacros(macros);
        _stream.SkipName(name);
        return new ScopedBlock(line, body, fromRoot: !scoped);
    }

    private Statement ParseAutoescape(int line)
    {
        bool off = _stream.Current.Kind == TokenKind.Name && _stream.Current.Text is "false" or "False";
        _expressions.Parse();
        Block body = Hard(() => ParseTagBody("endautoescape"));
        return off ? new ScopedBlock(line, body, fromRoot: false) : new RefusedStatement(line, "autoescape", "prompts are not HTML");
    }

    private Jump ParseJump(Token tag) => _state.Loops == 0
        ? throw new TemplateSyntaxException(tag.Line, $"'{{% {tag.Text} %}}' outside of a loop")
        : new Jump(tag.Line, tag.Text == "break" ? Flow.Break : Flow.Continue);

    private RefusedStatement ParseRefused(Token tag)
    {
        while (_stream.Current.Kind is not (TokenKind.BlockEnd or TokenKind.End))
        {
            _stream.Take();
        }

        return new RefusedStatement(tag.Line, tag.Text, "it is one file, and there are no others to load");
    }

    /// <summary>Parses a body that is a function of its own: a loop outside cannot be left from it.</summary>
    private Block Isolated(Func<Block> parse)
    {
        (int loops, _state.Loops) = (_state.Loops, 0);
        Block body = Hard(parse);
        _state.Loops = loops;
        return body;
    }

    /// <summary>Parses a body where unknown filters are errors at once.</summary>
    private Block Hard(Func<Block> parse)
    {
        (bool soft, _state.Soft) = (_state.Soft, false);
        Block body = parse();
        _state.Soft = soft;
        return body;
    }
}
