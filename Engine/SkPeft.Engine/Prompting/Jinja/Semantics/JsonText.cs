using System.Globalization;
using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Python's <c>json.dumps</c>, which is what Hugging Face's <c>tojson</c> calls: nothing is escaped for HTML.</summary>
internal sealed class JsonText(Budget budget, bool ensureAscii, PyString? indent, PyString itemSeparator, PyString keySeparator, bool sortKeys)
{
    private readonly TextBuilder _text = new(budget);

    public PyString Dump(object? value)
    {
        Write(value, 0);
        return _text.Build();
    }

    private void Write(object? value, int level)
    {
        budget.Nest();
        switch (value)
        {
            case PyString s:
                WriteString(s);
                break;
            case IPySequence list:
                WriteList(list, level);
                break;
            case PyDict dict:
                WriteDict(dict, level);
                break;
            default:
                _text.Append(Scalar(value) ?? throw JinjaException.Type($"Object of type {PyType.NameOf(value)} is not JSON serializable"));
                break;
        }
    }

    private static string? Scalar(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        BigInteger i => FloatText.Int(i),
        double d => double.IsNaN(d) ? "NaN" : double.IsInfinity(d) ? (d > 0 ? "Infinity" : "-Infinity") : FloatText.Repr(d),
        _ => null,
    };

    private void WriteList(IPySequence list, int level)
    {
        if (list.Items.Count == 0)
        {
            _text.Append("[]");
            return;
        }

        _text.Append("[");
        for (int i = 0; i < list.Items.Count; i++)
        {
            Separate(i, level + 1);
            Write(list.Items[i], level + 1);
        }

        NewLine(level);
        _text.Append("]");
    }

    private void WriteDict(PyDict dict, int level)
    {
        if (dict.Count == 0)
        {
            _text.Append("{}");
            return;
        }

        IReadOnlyList<KeyValuePair<object?, object?>> entries = dict.Entries;
        if (sortKeys)
        {
            entries = StableSort.Sort(entries, (a, b) => PyCompare.Order(a.Key, b.Key, "<", budget), budget);
        }

        _text.Append("{");
        for (int i = 0; i < entries.Count; i++)
        {
            Separate(i, level + 1);
            object? key = entries[i].Key;
            WriteString(key as PyString ?? PyString.Trusted(Scalar(key)
                ?? throw JinjaException.Type($"keys must be str, int, float, bool or None, not {PyType.NameOf(key)}")));
            _text.Append(keySeparator);
            Write(entries[i].Value, level + 1);
        }

        NewLine(level);
        _text.Append("}");
    }

    private void Separate(int index, int level)
    {
        if (index > 0)
        {
            _text.Append(itemSeparator);
        }

        NewLine(level);
    }

    private void NewLine(int level)
    {
        if (indent is not null)
        {
            _text.Append("\n").Repeat(indent, level);
        }
    }

    private void WriteString(PyString value)
    {
        _text.Append("\"");
        TaintReader taint = new(value);
        for (int i = 0; i < value.Text.Length; i++)
        {
            char c = value.Text[i];
            if (Escape(c) is { } escaped)
            {
                _text.Append(escaped, taint.At(i));
            }
            else
            {
                _text.Append(c, taint.At(i));
            }
        }

        _text.Append("\"");
    }

    private string? Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\f' => "\\f",
        '\b' => "\\b",
        < ' ' => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
        > '~' when ensureAscii => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
        _ => null,
    };
}
