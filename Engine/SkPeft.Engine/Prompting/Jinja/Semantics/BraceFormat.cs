using System.Globalization;
using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>Python's <c>"{}".format(…)</c>, in the sandbox: attributes and items of arguments only as templates may reach them.</summary>
internal sealed class BraceFormat(PyString format, CallArguments arguments, Budget budget)
{
    private int _next;
    private bool _numbered;

    public PyString Apply()
    {
        TextBuilder text = new(budget);
        Write(text, format, 2);
        return text.Build();
    }

    private void Write(TextBuilder text, PyString pattern, int depth)
    {
        string f = pattern.Text;
        for (int i = 0; i < f.Length; i++)
        {
            if (f[i] is not ('{' or '}'))
            {
                text.Append(pattern, i, 1);
            }
            else if (i + 1 < f.Length && f[i + 1] == f[i])
            {
                text.Append(pattern, i++, 1);
            }
            else if (f[i] == '}')
            {
                throw JinjaException.Value("Single '}' encountered in format string");
            }
            else
            {
                int close = Close(f, i);
                Field(text, f[(i + 1)..close], depth);
                i = close;
            }
        }
    }

    private static int Close(string f, int open)
    {
        int depth = 0;
        for (int i = open; i < f.Length; i++)
        {
            depth += f[i] == '{' ? 1 : f[i] == '}' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        throw JinjaException.Value("expected '}' before end of string");
    }

    private void Field(TextBuilder text, string field, int depth)
    {
        if (depth == 0)
        {
            throw JinjaException.Value("Max string recursion exceeded");
        }

        int end = NameEnd(field);
        string name = field[..end], rest = field[end..], conversion = string.Empty;
        if (rest.StartsWith('!'))
        {
            int colon = rest.IndexOf(':', StringComparison.Ordinal);
            conversion = colon < 0 ? rest[1..] : rest[1..colon];
            rest = colon < 0 ? string.Empty : rest[colon..];
            conversion = conversion.Length > 0 ? conversion : throw JinjaException.Value("end of string while looking for conversion specifier");
        }

        string spec = rest.Length > 0 ? rest[1..] : rest;
        object? value = Lookup(name);
        value = conversion switch
        {
            "" => value,
            "s" => PyText.Str(value, budget),
            "r" => PyText.Repr(value, budget),
            "a" => PyText.Ascii(value, budget),
            _ => throw JinjaException.Value($"Unknown conversion specifier '{conversion}'"),
        };
        if (spec.Contains('{', StringComparison.Ordinal))
        {
            TextBuilder inner = new(budget);
            Write(inner, PyString.Trusted(spec), depth - 1);
            spec = inner.Build().Text;
        }

        FormatWriter.Write(text, value, spec, budget);
    }

    // A colon or an exclamation mark inside brackets belongs to the key.
    private static int NameEnd(string field)
    {
        bool bracket = false;
        for (int i = 0; i < field.Length; i++)
        {
            bracket = field[i] == '[' || (bracket && field[i] != ']');
            if (!bracket && field[i] is ':' or '!')
            {
                return i;
            }
        }

        return field.Length;
    }

    private object? Lookup(string path)
    {
        int end = path.IndexOfAny(['.', '[']);
        string first = end < 0 ? path : path[..end];
        // Python numbers a field only where there is nothing in it: {[0]} and {.x} are names, and empty ones.
        object? value = path.Length == 0 ? Positional(_numbered ? throw Switch("manual field specification", "automatic field numbering") : _next++)
            : int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? Numbered(index)
            : Named(first);
        while (end >= 0 && end < path.Length)
        {
            if (path[end] == '.')
            {
                int stop = path.IndexOfAny(['.', '['], end + 1);
                stop = stop < 0 ? path.Length : stop;
                value = PyAccess.Attribute(value, PyString.Trusted(path[(end + 1)..stop]));
                end = stop;
            }
            else
            {
                int stop = path.IndexOf(']', end);
                string key = stop < 0 ? throw JinjaException.Value("Missing ']' in format string") : path[(end + 1)..stop];
                value = PyAccess.Item(value, int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int at) ? (BigInteger)at : PyString.Trusted(key));
                end = stop + 1;
            }
        }

        return value;
    }

    private object? Numbered(int index)
    {
        _numbered = true;
        return _next == 0 ? Positional(index) : throw Switch("automatic field numbering", "manual field specification");
    }

    private static JinjaException Switch(string from, string to) => JinjaException.Value($"cannot switch from {from} to {to}");

    private object? Positional(int index) => index < arguments.Positional.Count
        ? arguments.Positional[index]
        : throw new JinjaException("IndexError", $"Replacement index {index} out of range for positional args tuple");

    private object? Named(string name)
    {
        foreach ((string key, object? value) in arguments.Named)
        {
            if (key == name)
            {
                return value;
            }
        }

        throw new JinjaException("KeyError", $"'{name}'");
    }
}
