using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Library;

/// <summary>Filters on text, and those that make text of anything.</summary>
internal static class TextFilters
{
    private static readonly Signature s_trim = new("trim", "chars?");
    private static readonly Signature s_replace = new("replace", "old", "new", "count?");
    private static readonly Signature s_tojson = new("tojson", "ensure_ascii?", "indent?", "separators?", "sort_keys?");
    private static readonly Signature s_indent = new("indent", "width?", "first?", "blank?");
    private static readonly Signature s_truncate = new("truncate", "length?", "killwords?", "end?", "leeway?");
    private static readonly Signature s_center = new("center", "width?");
    private static readonly Signature s_default = new("default", "default_value?", "boolean?");
    private static readonly Signature s_wordwrap = new("wordwrap", "width?", "break_long_words?", "wrapstring?", "break_on_hyphens?");

    public static void Register(Action<string, FilterBody> add)
    {
        add("trim", (r, v, a) => TextParts.Strip(Str(r, v), s_trim.Bind(a).TextOrNone(0), true, true));
        add("upper", (r, v, _) => TextCase.Upper(Str(r, v), r.Budget));
        add("lower", (r, v, _) => TextCase.Lower(Str(r, v), r.Budget));
        add("capitalize", (r, v, _) => TextCase.Capitalize(Str(r, v), r.Budget));
        add("title", (r, v, _) => TextCase.TitleWords(Str(r, v), r.Budget));
        add("string", (r, v, _) => Str(r, v));
        add("replace", (r, v, a) => s_replace.Bind(a) is var b ? TextParts.Replace(Str(r, v), Str(r, b.Value(0)), Str(r, b.Value(1)), b.Value(2) is null ? -1 : b.Int(2, -1), r.Budget).AsSafe(false) : null);
        add("tojson", (r, v, a) => ToJson(r, v, s_tojson.Bind(a)));
        add("indent", (r, v, a) => Indent(r, Text("indent", v), s_indent.Bind(a)));
        add("truncate", (r, v, a) => Truncate(r, v, s_truncate.Bind(a)));
        add("center", (r, v, a) => r.Call(StringMethods.Bind(Str(r, v), "center"), new CallArguments([s_center.Bind(a).Value(0, (System.Numerics.BigInteger)80)], [])));
        add("wordwrap", (r, v, a) => WordWrap(r, Text("wordwrap", v), s_wordwrap.Bind(a)));
        add("wordcount", (r, v, _) => Words(Str(r, v).Text));
        add("format", (r, v, a) => Format(r, Str(r, v), a));
        add("escape", (r, v, _) => Escape(r, v));
        add("e", (r, v, _) => Escape(r, v));
        add("forceescape", (r, v, _) => Escaping.Escape(Str(r, v), r.Budget));
        add("safe", (r, v, _) => Str(r, v).AsSafe());
        add("urlencode", (r, v, _) => UrlEncode(r, v));
        add("striptags", (r, v, _) => StripTags(r, Str(r, v)));
        add("pprint", (r, v, _) => PyText.Repr(v, r.Budget));
        add("default", (_, v, a) => Default(v, s_default.Bind(a)));
        add("d", (_, v, a) => Default(v, s_default.Bind(a)));
    }

    private static PyString Str(Renderer renderer, object? value)
    {
        PyString text = PyText.Str(value, renderer.Budget);
        renderer.Budget.Read(text.Text.Length);
        return text;
    }

    private static PyString Text(string filter, object? value) => value is PyUndefined u ? throw u.Error()
        : value as PyString ?? throw JinjaException.Type($"{filter} needs a str, not {PyType.NameOf(value)}");

    private static object? Default(object? value, Signature.Bound arguments) =>
        value is PyUndefined || (arguments.Flag(1) && !PyIteration.Truth(value)) ? arguments.Value(0, PyString.Empty) : value;

    private static PyString Escape(Renderer renderer, object? value) =>
        value is PyString { Safe: true } safe ? safe : Escaping.Escape(Str(renderer, value), renderer.Budget);

    // transformers: json.dumps(x, ensure_ascii, indent, separators, sort_keys), nothing escaped for HTML.
    private static PyString ToJson(Renderer renderer, object? value, Signature.Bound arguments)
    {
        PyString? indent = arguments.Value(1) switch
        {
            null => null,
            PyString text => text,
            _ => PyString.Trusted(new string(' ', Math.Clamp(arguments.Int(1), 0, 1000))),
        };
        PyString items = PyString.Trusted(indent is null ? ", " : ","), keys = PyString.Trusted(": ");
        if (arguments.Value(2) is { } separators)
        {
            IReadOnlyList<object?> pair = PyIteration.ToList(separators, renderer.Budget);
            (items, keys) = pair is [PyString first, PyString second] ? (first, second) : throw JinjaException.Value("separators must be a pair of strings");
        }

        return new JsonText(renderer.Budget, arguments.Flag(0), indent, items, keys, arguments.Flag(3)).Dump(value);
    }

    private static PyString Format(Renderer renderer, PyString text, CallArguments arguments)
    {
        if (arguments.Positional.Count > 0 && arguments.Named.Count > 0)
        {
            throw JinjaException.Argument("can't handle positional and keyword arguments at the same time");
        }

        PyDict named = new(renderer.Budget);
        foreach ((string name, object? value) in arguments.Named)
        {
            named.Set(PyString.Trusted(name), value);
        }

        return PercentFormat.Apply(text, arguments.Named.Count > 0 ? named : new PyTuple(arguments.Positional), renderer.Budget);
    }

    private static PyString Indent(Renderer renderer, PyString text, Signature.Bound arguments)
    {
        PyString step = arguments.Value(0) is PyString given ? given : PyString.Trusted(new string(' ', Math.Clamp(arguments.Int(0, 4), 0, 10_000)));
        // Jinja adds a line break first, so that text that ends in one is indented as editors do.
        IReadOnlyList<object?> lines = TextParts.SplitLines(new TextBuilder(renderer.Budget).Append(text).Append("\n").Build(), false, renderer.Budget).Items;
        TextBuilder result = new(renderer.Budget);
        for (int i = 0; i < lines.Count; i++)
        {
            PyString line = (PyString)lines[i]!;
            result.Append(i == 0 ? string.Empty : "\n");
            if (i == 0 ? arguments.Flag(1) : arguments.Flag(2) || line.Text.Length > 0)
            {
                result.Append(step);
            }

            result.Append(line);
        }

        return result.Build().AsSafe(text.Safe);
    }

    private static object? Truncate(Renderer renderer, object? value, Signature.Bound arguments)
    {
        int length = arguments.Int(0, 255), leeway = arguments.Value(3) is null ? 5 : arguments.Int(3);
        PyString end = arguments.Text(2, "...");
        if (length < end.Length || leeway < 0)
        {
            throw new JinjaException("AssertionError", leeway < 0 ? $"expected leeway >= 0, got {leeway}" : $"expected length >= {end.Length}, got {length}");
        }

        // Short lists come through as they are: Jinja2 asks for the length first.
        if (PyIteration.Length(value) <= (long)length + leeway)
        {
            return value;
        }

        PyString text = Text("truncate", value);
        PyString cut = text.Part(0, text.Utf16Index(length - end.Length));
        int space = arguments.Flag(1) ? -1 : cut.Text.LastIndexOf(' ');
        return new TextBuilder(renderer.Budget).Append(space < 0 ? cut : cut.Part(0, space)).Append(end).Build();
    }

    private static PyString WordWrap(Renderer renderer, PyString text, Signature.Bound arguments)
    {
        PyString wrap = arguments.Value(2) is null ? PyString.Trusted("\n") : arguments.Text(2);
        List<object?> lines = [];
        foreach (object? line in TextParts.SplitLines(text, false, renderer.Budget).Items)
        {
            lines.Add(StringMethods.Join(
                wrap, new PyList([.. TextWrap.Lines((PyString)line!, arguments.Int(0, 79), arguments.Flag(1, true), arguments.Flag(3, true), renderer.Budget)]), renderer.Budget));
        }

        return StringMethods.Join(wrap, new PyList(lines), renderer.Budget);
    }

    private static object Words(string text)
    {
        int words = 0;
        bool inside = false;
        for (int i = 0; i < text.Length; i += CodePoints.WidthAt(text, i))
        {
            bool word = CodePoints.IsWord(CodePoints.At(text, i));
            words += word && !inside ? 1 : 0;
            inside = word;
        }

        return (System.Numerics.BigInteger)words;
    }

    private static PyString UrlEncode(Renderer renderer, object? value)
    {
        if (value is PyString || !PyIteration.IsIterable(value))
        {
            return Escaping.UrlQuote(Str(renderer, value), query: false, renderer.Budget);
        }

        IEnumerable<object?> pairs = value is PyDict dict ? new PyDictView(dict, PyDictView.Part.Items).Items() : PyIteration.Iterate(value, renderer.Budget);
        TextBuilder text = new(renderer.Budget);
        foreach (object? pair in pairs)
        {
            IReadOnlyList<object?> items = PyIteration.ToList(pair, renderer.Budget);
            if (items.Count != 2)
            {
                throw JinjaException.Value($"urlencode needs pairs of a name and a value, found {items.Count} items");
            }

            text.Append(text.Length == 0 ? string.Empty : "&")
                .Append(Escaping.UrlQuote(Str(renderer, items[0]), query: true, renderer.Budget)).Append("=")
                .Append(Escaping.UrlQuote(Str(renderer, items[1]), query: true, renderer.Budget));
        }

        return text.Build();
    }

    // markupsafe.striptags: comments and tags go, white space becomes single blanks, and what is left is no longer HTML.
    private static PyString StripTags(Renderer renderer, PyString text)
    {
        TextBuilder kept = new(renderer.Budget);
        string s = text.Text;
        // Nothing closes behind the last of these: looked for once, lest a text of nothing but < take quadratic time.
        int lastTag = s.LastIndexOf('>'), lastComment = s.LastIndexOf("-->", StringComparison.Ordinal);
        for (int i = 0; i < s.Length;)
        {
            bool comment = s.AsSpan(i).StartsWith("<!--", StringComparison.Ordinal);
            int close = s[i] != '<' || i > (comment ? lastComment : lastTag) ? -1
                : comment ? s.IndexOf("-->", i, StringComparison.Ordinal) + 2
                : s.IndexOf('>', i);
            if (close > i)
            {
                i = close + 1;
                continue;
            }

            kept.Append(text, i++, 1);
        }

        PyString words = StringMethods.Join(PyString.Trusted(" "), TextParts.Split(kept.Build(), null, -1, false, renderer.Budget), renderer.Budget);
        return Escaping.Unescape(words, renderer.Budget);
    }
}
