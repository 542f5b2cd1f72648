using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Library;
using SkPeft.Engine.Prompting.Jinja.Runtime;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>The sandbox's <c>getattr</c> and <c>getitem</c> (jinja2.sandbox.ImmutableSandboxedEnvironment), and slices.</summary>
internal static class PyAccess
{
    /// <summary><c>value.name</c>: the attribute, else the item.</summary>
    public static object? Attribute(object? value, PyString name)
    {
        if (value is PyUndefined undefined)
        {
            throw undefined.Error();
        }

        return TryAttribute(value, name.Text, out object? found) ? found
            : TryItem(value, name, out found) ? found
            : PyUndefined.Member(value, name);
    }

    /// <summary><c>value[key]</c>: the item, else the attribute.</summary>
    public static object? Item(object? value, object? key)
    {
        if (value is PyUndefined undefined)
        {
            throw undefined.Error();
        }

        return TryItem(value, key, out object? found) ? found
            : key is PyString name && TryAttribute(value, name.Text, out found) ? found
            : PyUndefined.Member(value, key);
    }

    /// <summary>Looks for an attribute only. What the sandbox forbids is found as an undefined that raises when it is used.</summary>
    public static bool TryAttribute(object? value, string name, out object? found)
    {
        if (name.StartsWith("__", StringComparison.Ordinal))
        {
            found = PyUndefined.Unsafe(value, name);
            return s_commonInternals.Contains(name);
        }

        switch (value)
        {
            case PyString s:
                found = StringMethods.Bind(s, name);
                return found is not null;
            case PyDict d:
                found = DictMethods.Bind(d, name);
                return found is not null;
            case IPySequence s:
                found = SequenceMethods.Bind(s, name);
                return found is not null;
            case IPyObject o when o.TryGetAttribute(name, out found):
                found = name.StartsWith('_') ? PyUndefined.Unsafe(value, name) : found;
                return true;
            case PyRange r:
                found = name switch { "start" => r.Start, "stop" => r.Stop, "step" => r.Step, _ => null };
                return found is not null;
            default:
                found = Numbers.IsNumber(value) ? NumberMethods.Bind(value!, name) : null;
                return found is not null;
        }
    }

    /// <summary>Python's slice; the bounds are null where they are left out.</summary>
    public static object? Slice(object? value, object? start, object? stop, object? step, Budget budget)
    {
        switch (value)
        {
            case PyUndefined undefined:
                throw undefined.Error();
            case PyString s:
                return SliceText(s, SliceBounds.Of(start, stop, step, s.Length), budget);
            case IPySequence s:
                SliceBounds items = SliceBounds.Of(start, stop, step, s.Items.Count);
                budget.Items(items.Count);
                List<object?> taken = [];
                for (int i = 0; i < items.Count; i++)
                {
                    taken.Add(s.Items[items.At(i)]);
                }

                return s is PyList ? new PyList(taken) : new PyTuple(taken);
            case PyRange r:
                SliceBounds bounds = SliceBounds.Of(start, stop, step, r.Count);
                return new PyRange(
                    r.Start + (r.Step * bounds.Start), r.Start + (r.Step * bounds.Stop), r.Step * bounds.Step);
            case PyDict:
                throw JinjaException.Type("unhashable type: 'slice'");
            default:
                throw JinjaException.Type($"'{PyType.NameOf(value)}' object is not subscriptable");
        }
    }

    private static readonly HashSet<string> s_commonInternals =
    [
        "__class__", "__doc__", "__init__", "__new__", "__repr__", "__str__", "__hash__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__",
        "__dir__", "__format__", "__getattribute__", "__setattr__", "__delattr__", "__reduce__", "__reduce_ex__", "__sizeof__", "__subclasshook__",
        "__init_subclass__", "__getstate__",
    ];

    private static PyString SliceText(PyString s, SliceBounds bounds, Budget budget)
    {
        budget.Text(0, bounds.Count);
        if (bounds.Count == 0)
        {
            return s.Part(0, 0);
        }

        if (bounds.Step == 1)
        {
            int start = s.Utf16Index(bounds.Start);
            return s.Part(start, s.Utf16Index(bounds.Start + bounds.Count) - start);
        }

        TextBuilder text = new(budget);
        for (int i = 0; i < bounds.Count; i++)
        {
            int at = s.Utf16Index(bounds.At(i));
            text.Append(s, at, CodePoints.WidthAt(s.Text, at));
        }

        return text.Build().AsSafe(s.Safe);
    }

    private static bool TryItem(object? value, object? key, out object? found)
    {
        found = null;
        switch (value)
        {
            case PyDict dict:
                return key is not (PyList or PyDict) && dict.TryGet(key, out found);
            case PyString or IPySequence or PyRange when Numbers.TryInt(key, out BigInteger index):
                int length = PyIteration.Length(value);
                index = index.Sign < 0 ? index + length : index;
                if (index.Sign < 0 || index >= length)
                {
                    return false;
                }

                found = value switch { PyString s => s.At((int)index), IPySequence s => s.Items[(int)index], _ => ((PyRange)value).At((int)index) };
                return true;
            default:
                return false;
        }
    }
}
