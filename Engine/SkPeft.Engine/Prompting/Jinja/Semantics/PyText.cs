using System.Globalization;
using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Python's <c>str()</c> and <c>repr()</c>.</summary>
internal static class PyText
{
    /// <summary>Python's str; a <c>Markup</c> stays one, as <c>markupsafe.soft_str</c> has it.</summary>
    public static PyString Str(object? value, Budget budget) => value switch
    {
        PyString s => s,
        null => s_none,
        true => s_true,
        false => s_false,
        BigInteger i => PyString.Trusted(Digits(i, budget)),
        double d => PyString.Trusted(FloatText.Repr(d)),
        PyUndefined => PyString.Empty,
        Joiner or Cycler => PyString.Trusted($"<jinja2.utils.{PyType.NameOf(value)} object>"),
        _ => Repr(value, budget),
    };

    private static string Digits(BigInteger value, Budget budget)
    {
        budget.Digits(value.GetBitLength());
        return FloatText.Int(value);
    }

    public static PyString Repr(object? value, Budget budget)
    {
        TextBuilder text = new(budget);
        Write(text, value, budget);
        return text.Build();
    }

    /// <summary>Python's ascii: the repr, with escapes for all that is not ASCII.</summary>
    public static PyString Ascii(object? value, Budget budget)
    {
        PyString repr = Repr(value, budget);
        TextBuilder text = new(budget);
        TaintReader taint = new(repr);
        for (int i = 0; i < repr.Text.Length; i += CodePoints.WidthAt(repr.Text, i))
        {
            int c = CodePoints.At(repr.Text, i);
            text.Append(c < 128 ? ((char)c).ToString() : Escape(c), taint.At(i));
        }

        return text.Build();
    }

    /// <summary>Writes a value's repr; the characters of untrusted strings stay untrusted.</summary>
    public static void Write(TextBuilder text, object? value, Budget budget)
    {
        budget.Nest();
        switch (value)
        {
            case PyString s:
                WriteQuoted(text, s);
                break;
            case PyList list:
                WriteItems(text, "[", list.Items, "]", budget);
                break;
            case PyTuple { Items.Count: 1 } one:
                WriteItems(text, "(", one.Items, ",)", budget);
                break;
            case PyTuple tuple:
                WriteItems(text, "(", tuple.Items, ")", budget);
                break;
            case PyDict dict:
                WriteDict(text, dict, budget);
                break;
            case PyDictView view:
                text.Append(view.TypeName).Append("(");
                WriteItems(text, "[", view.Items(), "]", budget);
                text.Append(")");
                break;
            case PyNamespace names:
                text.Append("<Namespace ");
                WriteDict(text, names.Attributes, budget);
                text.Append(">");
                break;
            default:
                text.Append(value is BigInteger i ? Digits(i, budget) : Plain(value));
                break;
        }
    }

    private static readonly PyString s_none = PyString.Trusted("None");
    private static readonly PyString s_true = PyString.Trusted("True");
    private static readonly PyString s_false = PyString.Trusted("False");

    private static string Plain(object? value) => value switch
    {
        null => "None",
        bool b => b ? "True" : "False",
        BigInteger i => FloatText.Int(i),
        double d => FloatText.Repr(d),
        PyUndefined => "Undefined",
        PyRange r => r.Step.IsOne ? $"range({r.Start}, {r.Stop})" : $"range({r.Start}, {r.Stop}, {r.Step})",
        Macro m => m.ToString(),
        LoopContext l => l.ToString(),
        PyFunction f => $"<{(f.TypeName == "type" ? "class" : "built-in function")} {f.Name}>",
        _ => $"<{PyType.NameOf(value)} object>",
    };

    private static void WriteItems(TextBuilder text, string open, IEnumerable<object?> items, string close, Budget budget)
    {
        text.Append(open);
        bool first = true;
        foreach (object? item in items)
        {
            text.Append(first ? string.Empty : ", ");
            first = false;
            Write(text, item, budget);
        }

        text.Append(close);
    }

    private static void WriteDict(TextBuilder text, PyDict dict, Budget budget)
    {
        text.Append("{");
        for (int i = 0; i < dict.Count; i++)
        {
            text.Append(i == 0 ? string.Empty : ", ");
            Write(text, dict.Entries[i].Key, budget);
            text.Append(": ");
            Write(text, dict.Entries[i].Value, budget);
        }

        text.Append("}");
    }

    private static void WriteQuoted(TextBuilder text, PyString value)
    {
        string s = value.Text;
        char quote = s.Contains('\'', StringComparison.Ordinal) && !s.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(value.Safe ? "Markup(" : string.Empty).Append(quote);
        TaintReader taint = new(value);
        for (int i = 0; i < s.Length; i += CodePoints.WidthAt(s, i))
        {
            int c = CodePoints.At(s, i);
            text.Append(c == quote || c == '\\' ? "\\" + (char)c : CodePoints.IsPrintable(c) ? CodePoints.ToText(c) : Escape(c), taint.At(i));
        }

        text.Append(quote).Append(value.Safe ? ")" : string.Empty);
    }

    private static string Escape(int c) => c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        <= 0xFF => "\\x" + c.ToString("x2", CultureInfo.InvariantCulture),
        <= 0xFFFF => "\\u" + c.ToString("x4", CultureInfo.InvariantCulture),
        _ => "\\U" + c.ToString("x8", CultureInfo.InvariantCulture),
    };
}
