using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Library;

/// <summary>Jinja's tests (<c>value is name</c>).</summary>
internal static class Tests
{
    private delegate bool Test(Renderer renderer, object? value, object? argument);

    private static readonly Dictionary<string, (Test Body, int Arguments)> s_tests = new(StringComparer.Ordinal)
    {
        ["defined"] = ((_, v, _) => v is not PyUndefined, 0),
        ["undefined"] = ((_, v, _) => v is PyUndefined, 0),
        ["none"] = ((_, v, _) => v is null, 0),
        ["boolean"] = ((_, v, _) => v is bool, 0),
        ["true"] = ((_, v, _) => v is true, 0),
        ["false"] = ((_, v, _) => v is false, 0),
        ["integer"] = ((_, v, _) => v is BigInteger, 0),
        ["float"] = ((_, v, _) => v is double, 0),
        ["number"] = ((_, v, _) => Numbers.IsNumber(v), 0),
        ["string"] = ((_, v, _) => v is PyString, 0),
        ["mapping"] = ((_, v, _) => v is PyDict, 0),
        ["iterable"] = ((_, v, _) => PyIteration.IsIterable(v), 0),
        ["sequence"] = ((_, v, _) => v is PyString or IPySequence or PyDict or PyRange or PyUndefined, 0),
        ["callable"] = ((_, v, _) => v is PyCallable, 0),
        ["escaped"] = ((_, v, _) => v is PyString { Safe: true }, 0),
        ["odd"] = ((r, v, _) => Remainder(r, v, new BigInteger(2)) is BigInteger { IsOne: true } or 1.0, 0),
        ["even"] = ((r, v, _) => Remainder(r, v, new BigInteger(2)) is BigInteger { IsZero: true } or 0.0, 0),
        ["divisibleby"] = ((r, v, a) => Remainder(r, v, a) is BigInteger { IsZero: true } or 0.0, 1),
        ["lower"] = ((r, v, _) => IsCase(Read(r, v), lower: true), 0),
        ["upper"] = ((r, v, _) => IsCase(Read(r, v), lower: false), 0),
        ["sameas"] = ((_, v, a) => PyCompare.Same(v, a), 1),
        ["in"] = ((r, v, a) => PyIteration.Contains(a, v, r.Budget), 1),
        ["filter"] = ((_, v, _) => Known(v) is { } name && Filters.Contains(name), 0),
        ["test"] = ((_, v, _) => Known(v) is { } name && Contains(name), 0),
        ["eq"] = ((r, v, a) => PyCompare.Equal(v, a, r.Budget), 1),
        ["ne"] = ((r, v, a) => !PyCompare.Equal(v, a, r.Budget), 1),
        ["lt"] = ((r, v, a) => PyCompare.Ordered(v, a, "<", r.Budget), 1),
        ["le"] = ((r, v, a) => PyCompare.Ordered(v, a, "<=", r.Budget), 1),
        ["gt"] = ((r, v, a) => PyCompare.Ordered(v, a, ">", r.Budget), 1),
        ["ge"] = ((r, v, a) => PyCompare.Ordered(v, a, ">=", r.Budget), 1),
    };

    private static readonly Dictionary<string, string> s_aliases = new(StringComparer.Ordinal)
    {
        ["=="] = "eq", ["equalto"] = "eq", ["!="] = "ne", ["<"] = "lt", ["lessthan"] = "lt", ["<="] = "le", [">"] = "gt", ["greaterthan"] = "gt", [">="] = "ge",
    };

    public static bool Contains(string name) => s_tests.ContainsKey(s_aliases.GetValueOrDefault(name, name));

    public static bool Apply(Renderer renderer, string name, object? value, CallArguments arguments)
    {
        if (!s_tests.TryGetValue(s_aliases.GetValueOrDefault(name, name), out (Test Body, int Arguments) test))
        {
            throw JinjaException.Runtime($"No test named '{name}' found.");
        }

        int given = arguments.Positional.Count + arguments.Named.Count;
        return given == test.Arguments
            ? test.Body(renderer, value, given == 0 ? null : arguments.Positional.Count > 0 ? arguments.Positional[0] : arguments.Named[0].Value)
            : throw JinjaException.Type($"the test '{name}' takes {test.Arguments} argument(s), {given} given");
    }

    // A text's remainder is a text, as Python formats with %, and is no number.
    private static object? Remainder(Renderer renderer, object? value, object? by) => PyArithmetic.Binary("%", value, by, renderer.Budget);

    private static string Read(Renderer renderer, object? value)
    {
        string text = PyText.Str(value, renderer.Budget).Text;
        renderer.Budget.Read(text.Length);
        return text;
    }

    private static string? Known(object? name) => name is PyList or PyDict
        ? throw JinjaException.Type($"unhashable type: '{PyType.NameOf(name)}'")
        : (name as PyString)?.Text;

    /// <summary>Python's islower and isupper: there is a cased character, and none of the other case.</summary>
    internal static bool IsCase(string text, bool lower)
    {
        bool any = false;
        for (int i = 0; i < text.Length; i += CodePoints.WidthAt(text, i))
        {
            int c = CodePoints.At(text, i);
            if (CodePoints.IsTitle(c) || (lower ? CodePoints.IsUpper(c) : CodePoints.IsLower(c)))
            {
                return false;
            }

            any |= lower ? CodePoints.IsLower(c) : CodePoints.IsUpper(c);
        }

        return any;
    }
}
