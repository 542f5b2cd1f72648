using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Library;

/// <summary>The methods of a Python string.</summary>
internal static class StringMethods
{
    private delegate object? Method(PyString text, Signature.Bound arguments, Renderer renderer);

    private static readonly Dictionary<string, (Signature Signature, Method Body)> s_methods = new(StringComparer.Ordinal);

    static StringMethods()
    {
        Add("strip", (s, a, _) => TextParts.Strip(s, a.TextOrNone(0), true, true), "/chars?");
        Add("lstrip", (s, a, _) => TextParts.Strip(s, a.TextOrNone(0), true, false), "/chars?");
        Add("rstrip", (s, a, _) => TextParts.Strip(s, a.TextOrNone(0), false, true), "/chars?");
        Add("split", (s, a, r) => TextParts.Split(s, a.TextOrNone(0), a.Int(1, -1), false, r.Budget), "sep?", "maxsplit?");
        Add("rsplit", (s, a, r) => TextParts.Split(s, a.TextOrNone(0), a.Int(1, -1), true, r.Budget), "sep?", "maxsplit?");
        Add("splitlines", (s, a, r) => TextParts.SplitLines(s, a.Flag(0), r.Budget), "keepends?");
        Add("partition", (s, a, _) => TextParts.Partition(s, a.Text(0), false), "/sep");
        Add("rpartition", (s, a, _) => TextParts.Partition(s, a.Text(0), true), "/sep");
        Add("replace", (s, a, r) => TextParts.Replace(s, a.Text(0), a.Text(1), a.Int(2, -1), r.Budget), "/old", "/new", "count?");
        Add("upper", (s, _, r) => TextCase.Upper(s, r.Budget));
        Add("lower", (s, _, r) => TextCase.Lower(s, r.Budget));
        Add("casefold", (s, _, r) => TextCase.Fold(s, r.Budget));
        Add("title", (s, _, r) => TextCase.Title(s, r.Budget));
        Add("capitalize", (s, _, r) => TextCase.Capitalize(s, r.Budget));
        Add("swapcase", (s, _, r) => TextCase.Swap(s, r.Budget));
        Add("startswith", (s, a, _) => HasAffix(s, a, start: true), "/prefix", "/start?", "/end?");
        Add("endswith", (s, a, _) => HasAffix(s, a, start: false), "/suffix", "/start?", "/end?");
        Add("removeprefix", (s, a, _) => s.Text.StartsWith(a.Text(0).Text, StringComparison.Ordinal) ? s.Part(a.Text(0).Text.Length, s.Text.Length - a.Text(0).Text.Length) : s, "/prefix");
        Add("removesuffix", (s, a, _) => a.Text(0).Text.Length > 0 && s.Text.EndsWith(a.Text(0).Text, StringComparison.Ordinal) ? s.Part(0, s.Text.Length - a.Text(0).Text.Length) : s, "/suffix");
        Add("find", (s, a, _) => (BigInteger)Find(s, a, last: false), "/sub", "/start?", "/end?");
        Add("rfind", (s, a, _) => (BigInteger)Find(s, a, last: true), "/sub", "/start?", "/end?");
        Add("index", (s, a, _) => (BigInteger)Found(Find(s, a, last: false)), "/sub", "/start?", "/end?");
        Add("rindex", (s, a, _) => (BigInteger)Found(Find(s, a, last: true)), "/sub", "/start?", "/end?");
        Add("count", (s, a, r) => (BigInteger)Count(s, a, r.Budget), "/sub", "/start?", "/end?");
        Add("join", (s, a, r) => Join(s, a.Value(0), r.Budget), "/iterable");
        Add("ljust", (s, a, r) => Justify(s, a, 0, r.Budget), "/width", "/fillchar?");
        Add("rjust", (s, a, r) => Justify(s, a, 2, r.Budget), "/width", "/fillchar?");
        Add("center", (s, a, r) => Justify(s, a, 1, r.Budget), "/width", "/fillchar?");
        Add("zfill", (s, a, r) => ZeroFill(s, a.Int(0), r.Budget), "/width");
        Add("expandtabs", (s, a, r) => ExpandTabs(s, a.Int(0, 8), r.Budget), "tabsize?");
        Add("isspace", (s, _, _) => s.Text.Length > 0 && s.Text.All(CodePoints.IsSpace));
        Add("isalpha", (s, _, _) => All(s, CodePoints.IsAlpha));
        Add("isdigit", (s, _, _) => All(s, CodePoints.IsDigit));
        Add("isdecimal", (s, _, _) => All(s, CodePoints.IsDecimal));
        Add("isnumeric", (s, _, _) => All(s, CodePoints.IsNumeric));
        Add("isalnum", (s, _, _) => All(s, c => CodePoints.IsAlpha(c) || CodePoints.IsDecimal(c) || CodePoints.IsDigit(c) || CodePoints.IsNumeric(c)));
        Add("isascii", (s, _, _) => s.Text.All(char.IsAscii));
        Add("isprintable", (s, _, _) => s.Text.Length == 0 || All(s, CodePoints.IsPrintable));
        Add("isupper", (s, _, _) => Tests.IsCase(s.Text, lower: false));
        Add("islower", (s, _, _) => Tests.IsCase(s.Text, lower: true));
        Add("istitle", (s, _, _) => TextCase.IsTitle(s.Text));
        Add("isidentifier", (s, _, _) => All(s, CodePoints.IsIdentifierPart) && CodePoints.IsIdentifierStart(CodePoints.At(s.Text, 0)));
    }

    public static PyCallable? Bind(PyString text, string name) => name switch
    {
        "format" => new PyFunction(name, (r, a) => new BraceFormat(text, a, r.Budget).Apply()),
        "unescape" or "striptags" when !text.Safe => null,
        _ => s_methods.TryGetValue(name, out (Signature Signature, Method Body) method)
            ? new PyFunction(name, (r, a) => Run(method.Body, text, method.Signature.Bind(a), r))
            : null,
    };

    /// <summary>str.join; items must be strings.</summary>
    public static PyString Join(PyString separator, object? items, Budget budget)
    {
        TextBuilder text = new(budget);
        int index = 0;
        foreach (object? item in PyIteration.ToList(items, budget))
        {
            if (index > 0)
            {
                text.Append(separator);
            }

            text.Append(item as PyString ?? throw JinjaException.Type($"sequence item {index}: expected str instance, {PyType.NameOf(item)} found"));
            index++;
        }

        return text.Build();
    }

    // Whatever a method does, it may look at all of the text.
    private static object? Run(Method method, PyString text, Signature.Bound arguments, Renderer renderer)
    {
        renderer.Budget.Read(text.Text.Length);
        return method(text, arguments, renderer);
    }

    private static void Add(string name, Method body, params string[] parameters) => s_methods[name] = (new Signature(name, parameters), body);

    // The part that start and end choose, in UTF-16 units.
    private static (int Start, int End, bool Valid) Window(PyString text, Signature.Bound arguments)
    {
        int length = text.Length;
        int start = arguments.IndexOrNone(1, 0);
        int end = arguments.IndexOrNone(2, length);
        start = start < 0 ? Math.Max(0, start + length) : start;
        end = end < 0 ? Math.Max(0, end + length) : Math.Min(end, length);
        return start > length || start > end ? (0, 0, false) : (text.Utf16Index(start), text.Utf16Index(end), true);
    }

    private static bool HasAffix(PyString text, Signature.Bound arguments, bool start)
    {
        (int from, int to, bool valid) = Window(text, arguments);
        IReadOnlyList<object?> affixes = arguments.Value(0) is PyTuple tuple ? tuple.Items : [arguments.Value(0)];
        ReadOnlySpan<char> part = text.Text.AsSpan(from, to - from);
        foreach (object? affix in affixes)
        {
            string wanted = (affix as PyString ?? throw JinjaException.Type(
                $"{(start ? "startswith" : "endswith")} first arg must be str or a tuple of str, not {PyType.NameOf(affix)}")).Text;
            if (valid && (start ? part.StartsWith(wanted, StringComparison.Ordinal) : part.EndsWith(wanted, StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    private static int Find(PyString text, Signature.Bound arguments, bool last)
    {
        string wanted = arguments.Text(0).Text;
        (int from, int to, bool valid) = Window(text, arguments);
        int at = !valid ? -1 : last ? TextSearch.FindLast(text.Text, wanted, from, to) : TextSearch.Find(text.Text, wanted, from, to);
        return at < 0 ? -1 : text.CodePointIndex(at);
    }

    private static int Found(int at) => at >= 0 ? at : throw JinjaException.Value("substring not found");

    private static int Count(PyString text, Signature.Bound arguments, Budget budget)
    {
        string wanted = arguments.Text(0).Text;
        (int from, int to, bool valid) = Window(text, arguments);
        if (!valid || wanted.Length == 0)
        {
            return valid ? text.CodePointIndex(to) - text.CodePointIndex(from) + 1 : 0;
        }

        int count = 0;
        for (int at; (at = TextSearch.Find(text.Text, wanted, from, to)) >= 0; from = at + wanted.Length)
        {
            budget.Step();
            count++;
        }

        return count;
    }

    private static PyString Justify(PyString text, Signature.Bound arguments, int side, Budget budget)
    {
        PyString fill = arguments.Text(1, " ");
        if (fill.Length != 1)
        {
            throw JinjaException.Type("The fill character must be exactly one character long");
        }

        int missing = Math.Max(0, arguments.Int(0) - text.Length);
        // CPython's centre leans left or right by the parity of the width.
        int before = side == 0 ? 0 : side == 2 ? missing : (missing / 2) + (missing & arguments.Int(0) & 1);
        return new TextBuilder(budget).Repeat(fill, before).Append(text).Repeat(fill, missing - before).Build();
    }

    private static PyString ZeroFill(PyString text, int width, Budget budget)
    {
        int missing = Math.Max(0, width - text.Length);
        int sign = text.Text.Length > 0 && text.Text[0] is '+' or '-' ? 1 : 0;
        return new TextBuilder(budget).Append(text, 0, sign).Append('0', missing).Append(text, sign, text.Text.Length - sign).Build();
    }

    private static PyString ExpandTabs(PyString text, int size, Budget budget)
    {
        TextBuilder expanded = new(budget);
        int column = 0;
        for (int i = 0; i < text.Text.Length;)
        {
            int width = CodePoints.WidthAt(text.Text, i);
            if (text.Text[i] == '\t')
            {
                int spaces = size <= 0 ? 0 : size - (column % size);
                expanded.Append(' ', spaces);
                column += spaces;
            }
            else
            {
                expanded.Append(text, i, width);
                column = text.Text[i] is '\n' or '\r' ? 0 : column + 1;
            }

            i += width;
        }

        return expanded.Build();
    }

    private static bool All(PyString text, Func<int, bool> test)
    {
        for (int i = 0; i < text.Text.Length; i += CodePoints.WidthAt(text.Text, i))
        {
            if (!test(CodePoints.At(text.Text, i)))
            {
                return false;
            }
        }

        return text.Text.Length > 0;
    }
}
