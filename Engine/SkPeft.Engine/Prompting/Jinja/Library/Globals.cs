using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Library;

/// <summary>Names that every template has: Jinja's own functions, and those that Hugging Face adds.</summary>
internal static class Globals
{
    private static readonly Signature s_raise = new("raise_exception", "message");
    private static readonly Signature s_strftime = new("strftime_now", "format");
    private static readonly Signature s_joiner = new("joiner", "sep?");
    private static readonly Signature s_range = new("range", "/start", "/stop?", "/step?");

    private static readonly Dictionary<string, PyFunction> s_functions = new(StringComparer.Ordinal)
    {
        ["range"] = new("range", (_, a) => Range(a), "type"),
        ["dict"] = new("dict", MakeDict, "type"),
        ["namespace"] = new("namespace", (r, a) => new PyNamespace(MakeDict(r, a)), "type"),
        ["joiner"] = new("joiner", (_, a) => new Joiner(s_joiner.Bind(a).Value(0, PyString.Trusted(", "))), "type"),
        ["cycler"] = new("cycler", (_, a) => a.Positional.Count > 0 ? new Cycler(a.Positional) : throw JinjaException.Runtime("at least one item has to be provided"), "type"),
        ["raise_exception"] = new("raise_exception", (r, a) => throw new JinjaException("TemplateError", PyText.Str(s_raise.Bind(a).Value(0), r.Budget).Text), "function"),
        ["strftime_now"] = new("strftime_now", (r, a) => StrftimeNow(r, s_strftime.Bind(a).Text(0)), "function"),
        ["lipsum"] = new("lipsum", (_, _) => throw JinjaException.Runtime("lipsum() makes random text, which a prompt must not have"), "function"),
    };

    public static bool TryGet(string name, out object? value)
    {
        bool found = s_functions.TryGetValue(name, out PyFunction? function);
        value = function;
        return found;
    }

    private static PyString StrftimeNow(Renderer renderer, PyString format)
    {
        // No field is longer than the date with the time, which two characters ask for.
        renderer.Budget.Text(0, format.Text.Length * 16L);
        return PyString.Trusted(Strftime.Format(format.Text, renderer.Now));
    }

    private static PyRange Range(CallArguments arguments)
    {
        Signature.Bound bound = s_range.Bind(arguments);
        BigInteger first = Whole(bound.Value(0));
        return bound.Has(1)
            ? new PyRange(first, Whole(bound.Value(1)), bound.Has(2) ? Whole(bound.Value(2)) : BigInteger.One)
            : new PyRange(BigInteger.Zero, first, BigInteger.One);
    }

    private static BigInteger Whole(object? value) => value is PyUndefined u ? throw u.Error()
        : Numbers.TryInt(value, out BigInteger i) ? i
        : throw JinjaException.Type($"'{PyType.NameOf(value)}' object cannot be interpreted as an integer");

    private static PyDict MakeDict(Renderer renderer, CallArguments arguments)
    {
        PyDict dict = new(renderer.Budget);
        if (arguments.Positional.Count > 1)
        {
            throw JinjaException.Type($"dict expected at most 1 argument, got {arguments.Positional.Count}");
        }

        foreach (object? given in arguments.Positional)
        {
            if (given is PyUndefined undefined)
            {
                throw undefined.Error();
            }

            if (given is PyDict other)
            {
                foreach ((object? key, object? value) in other.Entries)
                {
                    dict.Set(key, value);
                }

                continue;
            }

            foreach (object? pair in PyIteration.ToList(given, renderer.Budget))
            {
                IReadOnlyList<object?> items = PyIteration.ToList(pair, renderer.Budget);
                if (items.Count != 2)
                {
                    throw JinjaException.Value($"dictionary update sequence element has length {items.Count}; 2 is required");
                }

                dict.Set(items[0], items[1]);
            }
        }

        foreach ((string name, object? value) in arguments.Named)
        {
            dict.Set(PyString.Trusted(name), value);
        }

        renderer.Budget.Items(dict.Count);
        return dict;
    }
}
