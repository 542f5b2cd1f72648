using System.Runtime.CompilerServices;
using SkPeft.Engine.Prompting.Jinja.Library;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>Parses expressions by the grammar of jinja2.parser, each level of precedence a method.</summary>
internal sealed class ExpressionParser(TokenStream stream, ParserState state)
{
    private readonly PrimaryParser _primary = new(stream, state);

    /// <summary>An expression; without <paramref name="inlineIf"/> an <c>if</c> ends it, as in the head of a for.</summary>
    public Expression Parse(bool inlineIf = true)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return inlineIf ? ParseConditional() : ParseOr();
    }

    /// <summary>An expression, or several with commas between: a tuple.</summary>
    public Expression ParseTuple(bool inlineIf = true)
    {
        int line = stream.Current.Line;
        List<Expression> items = [];
        bool isTuple = false;
        while (!AtTupleEnd)
        {
            items.Add(Parse(inlineIf));
            if (!stream.SkipOperator(","))
            {
                break;
            }

            isTuple = true;
        }

        return isTuple ? new TupleLiteral(line, items) : items.Count == 1 ? items[0] : throw stream.Unexpected("an expression");
    }

    /// <summary>What can stand on the left of an assignment: a name, an attribute of a namespace, or a tuple of them.</summary>
    public Expression ParseTarget(bool namespaces)
    {
        int line = stream.Current.Line;
        List<Expression> items = [];
        bool isTuple = false;
        while (!AtTupleEnd)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            items.Add(ParseSingleTarget(namespaces));
            if (!stream.SkipOperator(","))
            {
                break;
            }

            isTuple = true;
        }

        return isTuple ? new TupleLiteral(line, items) : items.Count == 1 ? items[0] : throw stream.Unexpected("a name to assign to");
    }

    /// <summary>A name that may be assigned to.</summary>
    public string ParseTargetName()
    {
        Token token = stream.Expect(TokenKind.Name, "a name to assign to");
        if (token.Text is "true" or "false" or "none" or "True" or "False" or "None")
        {
            throw new TemplateSyntaxException(token.Line, $"can't assign to '{token.Text}'");
        }

        return token.Text == "loop" && state.Fors > 0
            ? throw new TemplateSyntaxException(token.Line, "Can't assign to special loop variable in for-loop")
            : token.Text;
    }

    /// <summary>Filters after a <c>|</c>, or of a filter block; <paramref name="operand"/> is null where a block's text is filtered.</summary>
    public FilterCall? ParseFilters(Expression? operand, bool startInline = false)
    {
        FilterCall? filter = null;
        while (startInline || stream.SkipOperator("|"))
        {
            startInline = false;
            int line = stream.Current.Line;
            string name = ParseDottedName();
            CheckKnown("filter", name, line, Filters.Contains(name));
            filter = new FilterCall(line, filter ?? operand, name, stream.Current.IsOperator("(") ? ParseArguments() : ArgumentList.Empty);
        }

        return filter;
    }

    private bool AtTupleEnd => stream.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd || stream.Current.IsOperator(")");

    private Expression ParseSingleTarget(bool namespaces)
    {
        int line = stream.Current.Line;
        if (stream.SkipOperator("("))
        {
            Expression inner = ParseTarget(namespaces);
            stream.ExpectOperator(")");
            return inner;
        }

        if (namespaces && stream.Ahead.IsOperator(".") && stream.Current.Kind == TokenKind.Name)
        {
            string name = stream.Take().Text;
            state.Mention(name);
            stream.Take();
            return new NamespaceTarget(line, name, stream.ExpectName());
        }

        return new Name(line, ParseTargetName());
    }

    private Expression ParseConditional()
    {
        int line = stream.Current.Line;
        int unknown = state.Unknown.Count;
        Expression then = ParseOr();
        bool conditional = stream.Current.IsName("if");
        while (stream.SkipName("if"))
        {
            Expression condition = ParseOr();
            Expression? otherwise = null;
            if (stream.SkipName("else"))
            {
                RuntimeHelpers.EnsureSufficientExecutionStack();
                otherwise = ParseConditional();
            }

            then = new Conditional(line, condition, then, otherwise);
        }

        if (conditional)
        {
            // What may not be reached may have unknown filters: they are errors when it is.
            state.Unknown.RemoveRange(unknown, state.Unknown.Count - unknown);
        }

        return then;
    }

    private Expression ParseOr()
    {
        Expression left = ParseAnd();
        while (stream.Current.IsName("or"))
        {
            int line = stream.Take().Line;
            left = new LogicalOperation(line, isAnd: false, left, ParseAnd());
        }

        return left;
    }

    private Expression ParseAnd()
    {
        Expression left = ParseNot();
        while (stream.Current.IsName("and"))
        {
            int line = stream.Take().Line;
            left = new LogicalOperation(line, isAnd: true, left, ParseNot());
        }

        return left;
    }

    private Expression ParseNot()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        int line = stream.Current.Line;
        return stream.SkipName("not") ? new NotOperation(line, ParseNot()) : ParseComparison();
    }

    private Expression ParseComparison()
    {
        int line = stream.Current.Line;
        Expression first = ParseSum();
        List<(string, Expression)> rest = [];
        while (true)
        {
            Token token = stream.Current;
            if (token.Kind == TokenKind.Operator && token.Text is "==" or "!=" or "<" or "<=" or ">" or ">=")
            {
                stream.Take();
                rest.Add((token.Text, ParseSum()));
            }
            else if (stream.SkipName("in"))
            {
                rest.Add(("in", ParseSum()));
            }
            else if (token.IsName("not") && stream.Ahead.IsName("in"))
            {
                stream.Take();
                stream.Take();
                rest.Add(("not in", ParseSum()));
            }
            else
            {
                return rest.Count == 0 ? first : new Comparison(line, first, rest);
            }
        }
    }

    private Expression ParseSum()
    {
        Expression left = ParseConcatenation();
        while (stream.Current is { Kind: TokenKind.Operator, Text: "+" or "-" })
        {
            Token op = stream.Take();
            left = new BinaryOperation(op.Line, op.Text, left, ParseConcatenation());
        }

        return left;
    }

    private Expression ParseConcatenation()
    {
        int line = stream.Current.Line;
        List<Expression> parts = [ParseProduct()];
        while (stream.SkipOperator("~"))
        {
            parts.Add(ParseProduct());
        }

        return parts.Count == 1 ? parts[0] : new Concatenation(line, parts);
    }

    private Expression ParseProduct()
    {
        Expression left = ParsePower();
        while (stream.Current is { Kind: TokenKind.Operator, Text: "*" or "/" or "//" or "%" })
        {
            Token op = stream.Take();
            left = new BinaryOperation(op.Line, op.Text, left, ParsePower());
        }

        return left;
    }

    private Expression ParsePower()
    {
        Expression left = ParseUnary();
        while (stream.Current.IsOperator("**"))
        {
            int line = stream.Take().Line;
            left = new BinaryOperation(line, "**", left, ParseUnary());
        }

        return left;
    }

    private Expression ParseUnary(bool filters = true)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Token token = stream.Current;
        Expression node = token is { Kind: TokenKind.Operator, Text: "-" or "+" }
            ? new UnaryOperation(stream.Take().Line, token.Text, ParseUnary(filters: false))
            : _primary.Parse(this);
        node = _primary.ParsePostfix(this, node);
        return filters ? ParseFiltersAndTests(node) : node;
    }

    private Expression ParseFiltersAndTests(Expression node)
    {
        while (true)
        {
            if (stream.Current.IsOperator("|"))
            {
                node = ParseFilters(node)!;
            }
            else if (stream.Current.IsName("is"))
            {
                node = ParseTest(node);
            }
            else if (stream.Current.IsOperator("("))
            {
                node = new Call(stream.Current.Line, node, ParseArguments());
            }
            else
            {
                return node;
            }
        }
    }

    private Expression ParseTest(Expression operand)
    {
        int line = stream.Take().Line;
        bool negated = stream.SkipName("not");
        string name = ParseDottedName();
        CheckKnown("test", name, line, Tests.Contains(name));
        ArgumentList arguments = ArgumentList.Empty;
        if (stream.Current.IsOperator("("))
        {
            arguments = ParseArguments();
        }
        else if (StartsArgument(stream.Current))
        {
            if (stream.Current.IsName("is"))
            {
                throw new TemplateSyntaxException(line, "You cannot chain multiple tests with is");
            }

            arguments = new ArgumentList([_primary.ParsePostfix(this, _primary.Parse(this))], [], null, null);
        }

        Expression test = new TestCall(line, operand, name, arguments);
        return negated ? new NotOperation(line, test) : test;
    }

    private static bool StartsArgument(Token token) => token.Kind switch
    {
        TokenKind.Name => token.Text is not ("else" or "or" or "and"),
        TokenKind.String or TokenKind.Integer or TokenKind.Float => true,
        TokenKind.Operator => token.Text is "[" or "{",
        _ => false,
    };

    public ArgumentList ParseArguments()
    {
        int line = stream.ExpectOperator("(").Line;
        List<Expression> positional = [];
        List<KeyValuePair<string, Expression>> named = [];
        Expression? star = null, doubleStar = null;
        bool first = true;
        while (!stream.Current.IsOperator(")"))
        {
            if (!first)
            {
                stream.ExpectOperator(",");
                if (stream.Current.IsOperator(")"))
                {
                    break;
                }
            }

            first = false;
            if (stream.Current.IsOperator("*"))
            {
                Ensure(star is null && doubleStar is null, line);
                stream.Take();
                star = Parse();
            }
            else if (stream.Current.IsOperator("**"))
            {
                Ensure(doubleStar is null, line);
                stream.Take();
                doubleStar = Parse();
            }
            else if (stream.Current.Kind == TokenKind.Name && stream.Ahead.IsOperator("="))
            {
                Ensure(doubleStar is null, line);
                string name = stream.Take().Text;
                stream.Take();
                Ensure(named.TrueForAll(n => n.Key != name), line);
                named.Add(new(name, Parse()));
            }
            else
            {
                Ensure(star is null && doubleStar is null && named.Count == 0, line);
                positional.Add(Parse());
            }
        }

        stream.ExpectOperator(")");
        return new ArgumentList(positional, named, star, doubleStar);
    }

    private static void Ensure(bool condition, int line)
    {
        if (!condition)
        {
            throw new TemplateSyntaxException(line, "invalid syntax for function call expression: plain arguments come first, names once, * and ** last");
        }
    }

    private string ParseDottedName()
    {
        string name = stream.ExpectName();
        while (stream.SkipOperator("."))
        {
            name += "." + stream.ExpectName();
        }

        return name;
    }

    private void CheckKnown(string what, string name, int line, bool known)
    {
        if (!known && !state.Soft)
        {
            state.Unknown.Add(new TemplateSyntaxException(line, $"No {what} named '{name}'."));
        }
    }
}
