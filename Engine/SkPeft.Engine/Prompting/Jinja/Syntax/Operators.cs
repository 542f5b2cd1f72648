using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Syntax;

/// <summary>One of <c>+ - * / // % **</c>.</summary>
internal sealed class BinaryOperation(int line, string op, Expression left, Expression right) : Expression(line)
{
    protected override object? Compute(Renderer renderer)
    {
        object? a = left.Evaluate(renderer);
        object? b = right.Evaluate(renderer);
        renderer.Line = Line;
        return PyArithmetic.Binary(op, a, b, renderer.Budget);
    }
}

/// <summary><c>-a</c> or <c>+a</c>.</summary>
internal sealed class UnaryOperation(int line, string op, Expression operand) : Expression(line)
{
    protected override object? Compute(Renderer renderer) => PyArithmetic.Unary(op, operand.Evaluate(renderer));
}

/// <summary><c>not a</c>.</summary>
internal sealed class NotOperation(int line, Expression operand) : Expression(line)
{
    protected override object? Compute(Renderer renderer) => !PyIteration.Truth(operand.Evaluate(renderer));
}

/// <summary><c>a and b</c>, <c>a or b</c>: the operand that decides.</summary>
internal sealed class LogicalOperation(int line, bool isAnd, Expression left, Expression right) : Expression(line)
{
    protected override object? Compute(Renderer renderer)
    {
        object? a = left.Evaluate(renderer);
        return PyIteration.Truth(a) == isAnd ? right.Evaluate(renderer) : a;
    }
}

/// <summary><c>a ~ b</c>: the texts of all, one after the other.</summary>
internal sealed class Concatenation(int line, IReadOnlyList<Expression> parts) : Expression(line)
{
    protected override object? Compute(Renderer renderer)
    {
        List<object?> values = renderer.EvaluateAll(parts);
        TextBuilder text = new(renderer.Budget);
        foreach (object? value in values)
        {
            text.Append(PyText.Str(value, renderer.Budget));
        }

        return text.Build();
    }
}

/// <summary><c>a &lt; b == c in d</c>: every neighbouring pair must hold.</summary>
internal sealed class Comparison(int line, Expression first, IReadOnlyList<(string Op, Expression Right)> rest) : Expression(line)
{
    protected override object? Compute(Renderer renderer)
    {
        object? left = first.Evaluate(renderer);
        foreach ((string op, Expression expression) in rest)
        {
            object? right = expression.Evaluate(renderer);
            if (!Holds(op, left, right, renderer.Budget))
            {
                return false;
            }

            left = right;
        }

        return true;
    }

    private static bool Holds(string op, object? a, object? b, Budget budget) => op switch
    {
        "==" => PyCompare.Equal(a, b, budget),
        "!=" => !PyCompare.Equal(a, b, budget),
        "in" => PyIteration.Contains(b, a, budget),
        "not in" => !PyIteration.Contains(b, a, budget),
        _ => PyCompare.Ordered(a, b, op, budget),
    };
}

/// <summary><c>a if condition else b</c>; without an else, undefined.</summary>
internal sealed class Conditional(int line, Expression condition, Expression then, Expression? otherwise) : Expression(line)
{
    protected override object? Compute(Renderer renderer) => PyIteration.Truth(condition.Evaluate(renderer)) ? then.Evaluate(renderer)
        : otherwise is not null ? otherwise.Evaluate(renderer)
        : new PyUndefined($"the inline if-expression on line {Line} evaluated to false and no else section was defined.");
}
