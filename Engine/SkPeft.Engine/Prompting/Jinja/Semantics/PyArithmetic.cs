using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Python's arithmetic operators, with bounds on what they may make.</summary>
internal static class PyArithmetic
{
    private const int MaxIntBits = 65_536;

    public static object? Binary(string op, object? a, object? b, Budget budget)
    {
        if (a is PyString format && op == "%")
        {
            return PercentFormat.Apply(format, b, budget);
        }

        if (a is PyUndefined || b is PyUndefined)
        {
            throw ((a as PyUndefined) ?? (PyUndefined)b!).Error();
        }

        if (Numbers.IsNumber(a) && Numbers.IsNumber(b))
        {
            return Numbers.TryInt(a, out BigInteger x) && Numbers.TryInt(b, out BigInteger y)
                ? Integers(op, x, y, budget)
                : Floats(op, Numbers.ToDouble(a!), Numbers.ToDouble(b!));
        }

        return op switch
        {
            "+" => Concatenate(a, b, budget),
            "*" when Numbers.TryInt(b, out BigInteger n) => Repeat(a, n, b, budget),
            "*" when Numbers.TryInt(a, out BigInteger n) => Repeat(b, n, a, budget),
            _ => throw Unsupported(op, a, b),
        };
    }

    public static object? Unary(string op, object? value) => value switch
    {
        PyUndefined u => throw u.Error(),
        double d => op == "-" ? -d : d,
        _ when Numbers.TryInt(value, out BigInteger i) => op == "-" ? -i : i,
        _ => throw JinjaException.Type($"bad operand type for unary {op}: '{PyType.NameOf(value)}'"),
    };

    private static object? Concatenate(object? a, object? b, Budget budget)
    {
        switch (a, b)
        {
            case (PyString x, PyString y):
                bool safe = x.Safe || y.Safe;
                x = safe && !x.Safe ? Escaping.Escape(x, budget) : x;
                y = safe && !y.Safe ? Escaping.Escape(y, budget) : y;
                return new TextBuilder(budget).Append(x).Append(y).Build().AsSafe(safe);
            case (PyList x, PyList y):
                return new PyList(Joined(x, y, budget));
            case (PyTuple x, PyTuple y):
                return new PyTuple(Joined(x, y, budget));
            case (PyString, _):
                throw JinjaException.Type($"can only concatenate str (not \"{PyType.NameOf(b)}\") to str");
            case (PyList, _):
                throw JinjaException.Type($"can only concatenate list (not \"{PyType.NameOf(b)}\") to list");
            default:
                throw Unsupported("+", a, b);
        }
    }

    private static List<object?> Joined(IPySequence a, IPySequence b, Budget budget)
    {
        budget.Items((long)a.Items.Count + b.Items.Count);
        return [.. a.Items, .. b.Items];
    }

    private static object Repeat(object? value, BigInteger times, object? other, Budget budget)
    {
        long size = value switch { PyString s => s.Text.Length, IPySequence s => s.Items.Count, _ => throw Unsupported("*", value, other) };
        int count = times.Sign <= 0 || size == 0 ? 0 : (int)BigInteger.Min(times, int.MaxValue);
        if (value is PyString text)
        {
            return new TextBuilder(budget).Repeat(text, count).Build().AsSafe(text.Safe);
        }

        budget.Items(size * count);
        List<object?> items = [];
        for (int i = 0; i < count; i++)
        {
            items.AddRange(((IPySequence)value).Items);
        }

        return value is PyList ? new PyList(items) : new PyTuple(items);
    }

    private static object Integers(string op, BigInteger a, BigInteger b, Budget budget)
    {
        if (op is "/" or "//" or "%" && b.IsZero)
        {
            throw new JinjaException("ZeroDivisionError", op == "/" ? "division by zero" : "integer division or modulo by zero");
        }

        budget.Digits(op is "+" or "-" ? 0 : a.GetBitLength() + b.GetBitLength());
        switch (op)
        {
            case "+":
                return Checked(a + b);
            case "-":
                return Checked(a - b);
            case "*":
                return Checked(a * b);
            case "/":
                return Quotient(a, b);
            case "//":
                return Floor(a, b);
            case "%":
                return a - (Floor(a, b) * b);
            default:
                return Power(a, b, budget);
        }
    }

    private static double Quotient(BigInteger a, BigInteger b)
    {
        if (a.GetBitLength() <= 53 && b.GetBitLength() <= 53)
        {
            return (double)a / (double)b;
        }

        // Too large for exact doubles: at least 65 bits of the quotient, the last of which tells whether there was a rest.
        int shift = (int)(b.GetBitLength() - a.GetBitLength()) + 66;
        BigInteger scaled = BigInteger.DivRem(shift >= 0 ? a << shift : a, shift >= 0 ? b : b << -shift, out BigInteger rest);
        scaled = rest.IsZero || !scaled.IsEven ? scaled : scaled + (a.Sign * b.Sign);
        double result = Math.ScaleB(Numbers.Nearest(scaled), -shift);
        return double.IsFinite(result) ? result : throw JinjaException.Overflow("integer division result too large for a float");
    }

    private static BigInteger Floor(BigInteger a, BigInteger b)
    {
        BigInteger quotient = BigInteger.DivRem(a, b, out BigInteger rest);
        return !rest.IsZero && (rest.Sign < 0) != (b.Sign < 0) ? quotient - 1 : quotient;
    }

    private static object Power(BigInteger a, BigInteger b, Budget budget)
    {
        if (b.Sign < 0)
        {
            return Floats("**", Numbers.ToDouble(a), Numbers.ToDouble(b));
        }

        BigInteger bits = BigInteger.Abs(a) <= 1 ? 1 : a.GetBitLength() * b;
        if (bits > MaxIntBits)
        {
            throw JinjaException.Limit($"an integer would have {bits} bits, more than the {MaxIntBits} allowed");
        }

        budget.Digits((long)bits);
        return BigInteger.Abs(a) <= 1 ? (b.IsEven ? a * a : a) is var small && b.IsZero ? BigInteger.One : small : BigInteger.Pow(a, (int)b);
    }

    private static object Floats(string op, double a, double b)
    {
        switch (op)
        {
            case "+":
                return a + b;
            case "-":
                return a - b;
            case "*":
                return a * b;
            case "/" or "//" or "%" when b == 0:
                throw new JinjaException("ZeroDivisionError", op == "/" ? "float division by zero" : "float floor division by zero");
            case "/":
                return a / b;
            case "//":
                return Math.Round((a - Modulo(a, b)) / b);
            case "%":
                return Modulo(a, b);
            case "**" when a == 0 && b < 0:
                throw new JinjaException("ZeroDivisionError", "0.0 cannot be raised to a negative power");
            case "**" when a < 0 && double.IsFinite(b) && Math.Floor(b) != b:
                throw JinjaException.Type("a negative number to a fractional power is a complex number, which templates do not have");
            default:
                double power = Math.Pow(a, b);
                return double.IsFinite(power) || !double.IsFinite(a) || !double.IsFinite(b)
                    ? power
                    : throw JinjaException.Overflow("(34, 'Numerical result out of range')");
        }
    }

    /// <summary>The remainder with the sign of the divisor.</summary>
    private static double Modulo(double a, double b)
    {
        double rest = a % b;
        return rest == 0 ? Math.CopySign(0, b) : (rest < 0) != (b < 0) ? rest + b : rest;
    }

    private static BigInteger Checked(BigInteger value) => value.GetBitLength() <= MaxIntBits
        ? value
        : throw JinjaException.Limit($"an integer would have more than the {MaxIntBits} bits allowed");

    private static JinjaException Unsupported(string op, object? a, object? b) => JinjaException.Type(
        $"unsupported operand type(s) for {(op == "**" ? "** or pow()" : op)}: '{PyType.NameOf(a)}' and '{PyType.NameOf(b)}'");
}
