using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>Parses names, literals, parentheses, and the subscripts and calls that follow them.</summary>
internal sealed class PrimaryParser(TokenStream stream, ParserState state)
{
    public Expression Parse(ExpressionParser expressions)
    {
        Token token = stream.Current;
        switch (token.Kind)
        {
            case TokenKind.Name:
                stream.Take();
                return ParseName(token);
            case TokenKind.String:
                string text = string.Empty;
                while (stream.Current.Kind == TokenKind.String)
                {
                    text += stream.Take().Text;
                }

                return new Constant(token.Line, PyString.Trusted(text));
            case TokenKind.Integer or TokenKind.Float:
                return new Constant(token.Line, stream.Take().Number);
            case TokenKind.Operator when token.Text == "(":
                return ParseParentheses(expressions);
            case TokenKind.Operator when token.Text == "[":
                return ParseList(expressions);
            case TokenKind.Operator when token.Text == "{":
                return ParseDict(expressions);
            default:
                throw stream.Unexpected("an expression");
        }
    }

    public Expression ParsePostfix(ExpressionParser expressions, Expression node)
    {
        while (true)
        {
            Token token = stream.Current;
            if (stream.SkipOperator("."))
            {
                node = stream.Current.Kind switch
                {
                    TokenKind.Name => new AttributeAccess(token.Line, node, stream.Take().Text),
                    TokenKind.Integer => new ItemAccess(token.Line, node, new Constant(token.Line, stream.Take().Number)),
                    _ => throw stream.Unexpected("a name or number after '.'"),
                };
            }
            else if (stream.SkipOperator("["))
            {
                node = ParseSubscript(expressions, node, token.Line);
            }
            else if (token.IsOperator("("))
            {
                node = new Call(token.Line, node, expressions.ParseArguments());
            }
            else
            {
                return node;
            }
        }
    }

    private Expression ParseName(Token token)
    {
        state.Mention(token.Text);
        return token.Text switch
        {
            "true" or "True" => new Constant(token.Line, true),
            "false" or "False" => new Constant(token.Line, false),
            "none" or "None" => new Constant(token.Line, null),
            _ => new Name(token.Line, token.Text),
        };
    }

    private Expression ParseParentheses(ExpressionParser expressions)
    {
        int line = stream.Take().Line;
        Expression inner = stream.Current.IsOperator(")") ? new TupleLiteral(line, []) : expressions.ParseTuple();
        stream.ExpectOperator(")");
        return inner;
    }

    private ListLiteral ParseList(ExpressionParser expressions)
    {
        int line = stream.Take().Line;
        List<Expression> items = [];
        while (!stream.Current.IsOperator("]"))
        {
            items.Add(expressions.Parse());
            if (!stream.SkipOperator(","))
            {
                break;
            }
        }

        stream.ExpectOperator("]");
        return new ListLiteral(line, items);
    }

    private DictLiteral ParseDict(ExpressionParser expressions)
    {
        int line = stream.Take().Line;
        List<KeyValuePair<Expression, Expression>> items = [];
        while (!stream.Current.IsOperator("}"))
        {
            Expression key = expressions.Parse();
            stream.ExpectOperator(":");
            items.Add(new(key, expressions.Parse()));
            if (!stream.SkipOperator(","))
            {
                break;
            }
        }

        stream.ExpectOperator("}");
        return new DictLiteral(line, items);
    }

    private Expression ParseSubscript(ExpressionParser expressions, Expression owner, int line)
    {
        List<Expression> keys = [];
        while (!stream.Current.IsOperator("]"))
        {
            if (keys.Count > 0)
            {
                stream.ExpectOperator(",");
            }

            Expression? start = stream.Current.IsOperator(":") ? null : expressions.Parse();
            if (!stream.SkipOperator(":"))
            {
                keys.Add(start!);
                continue;
            }

            Expression? stop = ParseBound(expressions);
            Expression? step = stream.SkipOperator(":") ? ParseBound(expressions) : null;
            if (keys.Count > 0 || !stream.Current.IsOperator("]"))
            {
                throw stream.Unexpected("']': a slice stands alone between its brackets");
            }

            stream.Take();
            return new SliceAccess(line, owner, start, stop, step);
        }

        stream.Take();
        return new ItemAccess(line, owner, keys.Count == 1 ? keys[0] : new TupleLiteral(line, keys));
    }

    private Expression? ParseBound(ExpressionParser expressions) =>
        stream.Current is { Kind: TokenKind.Operator, Text: ":" or "]" or "," } ? null : expressions.Parse();
}
