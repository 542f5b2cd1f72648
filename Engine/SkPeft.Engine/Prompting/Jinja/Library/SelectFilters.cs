using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Library;

/// <summary>
/// <c>map</c>, <c>select</c>, <c>reject</c>, <c>selectattr</c> and <c>rejectattr</c>: lazy, as in Jinja2, and like there nothing at all over
/// whatever is false, so that templates may select among tools that are none.
/// </summary>
internal static class SelectFilters
{
    public static void Register(Action<string, FilterBody> add)
    {
        add("map", OrNothing(Map));
        add("select", OrNothing((r, v, a) => Pick(r, v, a, attribute: false, keep: true)));
        add("reject", OrNothing((r, v, a) => Pick(r, v, a, attribute: false, keep: false)));
        add("selectattr", OrNothing((r, v, a) => Pick(r, v, a, attribute: true, keep: true)));
        add("rejectattr", OrNothing((r, v, a) => Pick(r, v, a, attribute: true, keep: false)));
    }

    private static FilterBody OrNothing(FilterBody filter) => (r, v, a) => PyIteration.Truth(v) ? filter(r, v, a) : new PyIterator([]);

    private static object? Map(Renderer renderer, object? value, CallArguments arguments)
    {
        if (arguments.Positional.Count == 0 && arguments.Named.Any(n => n.Key == "attribute"))
        {
            if (arguments.Named.FirstOrDefault(n => n.Key is not ("attribute" or "default")) is { Key: { } unknown })
            {
                throw JinjaException.Argument($"Unexpected keyword argument '{unknown}'");
            }

            object? path = arguments.Named.First(n => n.Key == "attribute").Value;
            object? otherwise = arguments.Named.FirstOrDefault(n => n.Key == "default").Value;
            return new PyIterator(PyIteration.Iterate(value, renderer.Budget).Select(item => ListFilters.Member(item, path, otherwise)));
        }

        string name = arguments.Positional.Count > 0 && arguments.Positional[0] is PyString filter
            ? filter.Text
            : throw JinjaException.Argument("map requires a filter argument");
        CallArguments rest = arguments.Skip(1);
        return new PyIterator(PyIteration.Iterate(value, renderer.Budget).Select(item => renderer.Filter(name, item, rest)));
    }

    private static PyIterator Pick(Renderer renderer, object? value, CallArguments arguments, bool attribute, bool keep)
    {
        int skip = attribute ? 1 : 0;
        if (arguments.Positional.Count < skip)
        {
            throw JinjaException.Argument("Missing parameter for attribute name");
        }

        object? path = attribute ? arguments.Positional[0] : null;
        Func<object?, bool> test = PyIteration.Truth;
        if (arguments.Positional.Count > skip)
        {
            string name = (arguments.Positional[skip] as PyString ?? throw JinjaException.Argument("the name of a test must be a string")).Text;
            CallArguments rest = arguments.Skip(skip + 1);
            test = item => renderer.Test(name, item, rest);
        }

        return new PyIterator(PyIteration.Iterate(value, renderer.Budget).Where(item => test(attribute ? ListFilters.Member(item, path) : item) == keep));
    }
}
