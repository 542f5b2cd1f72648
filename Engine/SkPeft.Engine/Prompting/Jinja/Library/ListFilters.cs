using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Library;

/// <summary>Filters on sequences and mappings.</summary>
internal static class ListFilters
{
    private static readonly Signature s_join = new("join", "d?", "attribute?");
    private static readonly Signature s_sort = new("sort", "reverse?", "case_sensitive?", "attribute?");
    private static readonly Signature s_unique = new("unique", "case_sensitive?", "attribute?");
    private static readonly Signature s_extreme = new("min", "case_sensitive?", "attribute?");
    private static readonly Signature s_sum = new("sum", "attribute?", "start?");
    private static readonly Signature s_dictsort = new("dictsort", "case_sensitive?", "by?", "reverse?");
    private static readonly Signature s_groupby = new("groupby", "attribute", "default?", "case_sensitive?");
    private static readonly Signature s_batch = new("batch", "linecount", "fill_with?");
    private static readonly Signature s_slice = new("slice", "slices", "fill_with?");
    private static readonly Signature s_attr = new("attr", "name");

    public static void Register(Action<string, FilterBody> add)
    {
        add("length", (_, v, _) => (BigInteger)PyIteration.Length(v));
        add("count", (_, v, _) => (BigInteger)PyIteration.Length(v));
        add("first", (r, v, _) => PyIteration.Iterate(v, r.Budget).Cast<object?>().DefaultIfEmpty(new PyUndefined("No first item, sequence was empty.")).First());
        add("last", (r, v, _) => PyIteration.ToList(v, r.Budget) is { Count: > 0 } items ? items[^1] : new PyUndefined("No last item, sequence was empty."));
        add("random", (_, _, _) => throw JinjaException.Runtime("the filter 'random' would make a prompt that cannot be repeated"));
        add("list", (r, v, _) => new PyList([.. PyIteration.ToList(v, r.Budget)]));
        add("reverse", (r, v, _) => v is PyString s ? PyAccess.Slice(s, null, null, (BigInteger)(-1), r.Budget) : new PyIterator(PyIteration.ToList(v, r.Budget).Reverse(), "list_reverseiterator"));
        add("join", (r, v, a) => Join(r, v, s_join.Bind(a)));
        add("sort", (r, v, a) => Sort(r, v, s_sort.Bind(a)));
        add("unique", (r, v, a) => Unique(r, v, s_unique.Bind(a)));
        add("min", (r, v, a) => Extreme(r, v, s_extreme.Bind(a), -1));
        add("max", (r, v, a) => Extreme(r, v, s_extreme.Bind(a), 1));
        add("sum", (r, v, a) => Sum(r, v, s_sum.Bind(a)));
        add("items", (_, v, _) => v is PyUndefined ? new PyIterator([]) : v is PyDict d ? new PyIterator(new PyDictView(d, PyDictView.Part.Items).Items()) : throw JinjaException.Type("Can only get item pairs from a mapping."));
        add("dictsort", (r, v, a) => DictSort(r, v, s_dictsort.Bind(a)));
        add("groupby", (r, v, a) => GroupBy(r, v, s_groupby.Bind(a)));
        add("batch", (r, v, a) => Batch(r, v, s_batch.Bind(a)));
        add("slice", (r, v, a) => Slice(r, v, s_slice.Bind(a)));
        add("attr", (_, v, a) => s_attr.Bind(a).Text(0) is var name && PyAccess.TryAttribute(v, name.Text, out object? found) ? found : PyUndefined.Member(v, s_attr.Bind(a).Text(0)));
        add("xmlattr", (_, _, _) => throw JinjaException.Runtime("the filter 'xmlattr' makes HTML, which a prompt is not"));
        add("urlize", (_, _, _) => throw JinjaException.Runtime("the filter 'urlize' makes HTML, which a prompt is not"));
    }

    /// <summary>Jinja's attribute paths: <c>a.b.0</c>; null gives the item itself.</summary>
    public static object? Member(object? item, object? path, object? otherwise = null)
    {
        if (path is null)
        {
            return item;
        }

        IEnumerable<object?> parts = path is PyString text
            ? text.Text.Split('.').Select(p => p.Length > 0 && p.All(char.IsAsciiDigit) ? (object?)BigInteger.Parse(p, System.Globalization.CultureInfo.InvariantCulture) : PyString.Trusted(p))
            : [path];
        foreach (object? part in parts)
        {
            item = PyAccess.Item(item, part);
            if (item is PyUndefined && otherwise is not null)
            {
                item = otherwise;
            }
        }

        return item;
    }

    private static object? Key(Renderer renderer, object? value, bool caseSensitive) =>
        !caseSensitive && value is PyString s ? TextCase.Lower(s, renderer.Budget) : value;

    private static PyString Join(Renderer renderer, object? value, Signature.Bound arguments)
    {
        PyString separator = PyText.Str(arguments.Value(0, PyString.Empty), renderer.Budget);
        TextBuilder text = new(renderer.Budget);
        bool first = true;
        foreach (object? item in PyIteration.ToList(value, renderer.Budget))
        {
            if (!first)
            {
                text.Append(separator);
            }

            first = false;
            text.Append(PyText.Str(Member(item, arguments.Value(1)), renderer.Budget));
        }

        return text.Build();
    }

    private static PyList Sort(Renderer renderer, object? value, Signature.Bound arguments)
    {
        bool caseSensitive = arguments.Flag(1);
        object?[] paths = arguments.Value(2) is PyString text && text.Text.Contains(',', StringComparison.Ordinal)
            ? [.. text.Text.Split(',').Select(p => (object?)PyString.Trusted(p.Trim()))]
            : [arguments.Value(2)];
        // A list of keys even where there is one, as in Jinja2: lists compare by equality first, so that equal keys need no order.
        object? KeyOf(object? item) => new PyTuple([.. paths.Select(p => Key(renderer, Member(item, p), caseSensitive))]);

        return new PyList([.. Ordered(renderer, PyIteration.ToList(value, renderer.Budget), KeyOf, arguments.Flag(0))]);
    }

    // Python sorts in reverse by turning the order round, which keeps equal items as they were.
    private static IEnumerable<object?> Ordered(Renderer renderer, IReadOnlyList<object?> items, Func<object?, object?> key, bool reverse)
    {
        List<(object? Item, object? Key)> keyed = [.. (reverse ? items.Reverse() : items).Select(i => (i, key(i)))];
        List<(object? Item, object? Key)> sorted = StableSort.Sort(keyed, (a, b) => PyCompare.Order(a.Key, b.Key, "<", renderer.Budget), renderer.Budget);
        if (reverse)
        {
            sorted.Reverse();
        }

        return sorted.Select(s => s.Item);
    }

    private static PyIterator Unique(Renderer renderer, object? value, Signature.Bound arguments)
    {
        HashSet<PyKey> seen = [];
        List<object?> kept = [];
        foreach (object? item in PyIteration.ToList(value, renderer.Budget))
        {
            if (seen.Add(new PyKey(Key(renderer, Member(item, arguments.Value(1)), arguments.Flag(0)), renderer.Budget)))
            {
                kept.Add(item);
            }
        }

        return new PyIterator(kept);
    }

    private static object? Extreme(Renderer renderer, object? value, Signature.Bound arguments, int sign)
    {
        IReadOnlyList<object?> items = PyIteration.ToList(value, renderer.Budget);
        if (items.Count == 0)
        {
            return new PyUndefined("No aggregated item, sequence was empty.");
        }

        object? best = items[0];
        object? bestKey = Key(renderer, Member(best, arguments.Value(1)), arguments.Flag(0));
        foreach (object? item in items.Skip(1))
        {
            object? key = Key(renderer, Member(item, arguments.Value(1)), arguments.Flag(0));
            int order = PyCompare.Order(key, bestKey, sign < 0 ? "<" : ">", renderer.Budget);
            if (order != 2 && Math.Sign(order) == sign)
            {
                (best, bestKey) = (item, key);
            }
        }

        return best;
    }

    private static object? Sum(Renderer renderer, object? value, Signature.Bound arguments)
    {
        object? sum = arguments.Value(1, BigInteger.Zero);
        foreach (object? item in PyIteration.ToList(value, renderer.Budget))
        {
            sum = PyArithmetic.Binary("+", sum, Member(item, arguments.Value(0)), renderer.Budget);
        }

        return sum;
    }

    private static PyList DictSort(Renderer renderer, object? value, Signature.Bound arguments)
    {
        PyDict dict = value as PyDict ?? throw JinjaException.Type($"'{PyType.NameOf(value)}' object has no items");
        int part = arguments.Text(1, "key").Text switch
        {
            "key" => 0,
            "value" => 1,
            _ => throw JinjaException.Argument("You can only sort by either \"key\" or \"value\""),
        };
        object? KeyOf(object? pair) => Key(renderer, ((PyTuple)pair!).Items[part], arguments.Flag(0));
        return new PyList([.. Ordered(renderer, [.. new PyDictView(dict, PyDictView.Part.Items).Items()], KeyOf, arguments.Flag(2))]);
    }

    private static PyList GroupBy(Renderer renderer, object? value, Signature.Bound arguments)
    {
        object? Exact(object? item) => Member(item, arguments.Value(0), arguments.Value(1));
        object? KeyOf(object? item) => Key(renderer, Exact(item), arguments.Flag(2));
        List<object?> groups = [];
        List<object?> members = [];
        object? current = null;
        foreach (object? item in Ordered(renderer, PyIteration.ToList(value, renderer.Budget), KeyOf, false))
        {
            object? key = KeyOf(item);
            if (members.Count > 0 && !PyCompare.Equal(key, current, renderer.Budget))
            {
                groups.Add(new PyTuple([Exact(members[0]), new PyList(members)], isGroup: true));
                members = [];
            }

            current = key;
            members.Add(item);
        }

        if (members.Count > 0)
        {
            groups.Add(new PyTuple([Exact(members[0]), new PyList(members)], isGroup: true));
        }

        return new PyList(groups);
    }

    private static PyIterator Batch(Renderer renderer, object? value, Signature.Bound arguments)
    {
        int size = Math.Max(1, arguments.Int(0));
        List<object?> batches = [];
        foreach (object?[] chunk in PyIteration.ToList(value, renderer.Budget).Chunk(size))
        {
            bool fill = arguments.Value(1) is not null && chunk.Length < size;
            renderer.Budget.Items(fill ? size : chunk.Length);
            batches.Add(new PyList(fill ? [.. chunk, .. Enumerable.Repeat(arguments.Value(1), size - chunk.Length)] : chunk));
        }

        return new PyIterator(batches);
    }

    private static PyIterator Slice(Renderer renderer, object? value, Signature.Bound arguments)
    {
        IReadOnlyList<object?> items = PyIteration.ToList(value, renderer.Budget);
        int slices = arguments.Int(0);
        if (slices <= 0)
        {
            throw new JinjaException("ZeroDivisionError", "integer division or modulo by zero");
        }

        renderer.Budget.Items(slices);
        int size = items.Count / slices, longer = items.Count % slices, offset = 0;
        List<object?> parts = [];
        for (int number = 0; number < slices; number++)
        {
            int start = offset + (number * size);
            offset += number < longer ? 1 : 0;
            int end = offset + ((number + 1) * size);
            List<object?> part = [.. items.Skip(start).Take(end - start)];
            if (arguments.Value(1) is { } fill && number >= longer)
            {
                part.Add(fill);
            }

            parts.Add(new PyList(part));
        }

        return new PyIterator(parts);
    }
}
