using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Semantics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Runtime;

/// <summary>The <c>loop</c> of a for statement (jinja2.runtime.LoopContext); it reads one item ahead only when it is asked to.</summary>
internal sealed class LoopContext : PyCallable, IPyObject
{
    private readonly object? _iterable;
    private readonly Func<object?, int, PyString>? _recurse;
    private readonly Budget _budget;
    private readonly int _depth0;
    private IEnumerator<object?> _items;
    private int _index0 = -1;
    private int _length = -1;
    private bool _hasAhead;
    private object? _ahead;
    private object? _previous;
    private object? _current;
    private IReadOnlyList<object?>? _lastChanged;

    /// <summary>Starts a loop.</summary>
    /// <param name="iterable">What is iterated.</param>
    /// <param name="recurse">Renders the loop again over other items at a depth; null where it is not marked recursive.</param>
    /// <param name="depth0">How deep a recursive loop is, from 0.</param>
    /// <param name="budget">What pays for items.</param>
    public LoopContext(object? iterable, Func<object?, int, PyString>? recurse, int depth0, Budget budget)
    {
        _iterable = iterable;
        _recurse = recurse;
        _depth0 = depth0;
        _budget = budget;
        _items = PyIteration.Iterate(iterable, budget).GetEnumerator();
    }

    public override string TypeName => "LoopContext";

    public string QualifiedName => "jinja2.runtime.LoopContext";

    /// <summary>The number of items; reads a generator to its end.</summary>
    public int Length
    {
        get
        {
            if (_length < 0)
            {
                _length = PyIteration.LengthOrNone(_iterable);
            }

            if (_length < 0)
            {
                List<object?> rest = [];
                while (_items.MoveNext())
                {
                    rest.Add(_items.Current);
                }

                _budget.Items(rest.Count);
                _items = rest.GetEnumerator();
                _length = rest.Count + _index0 + 1 + (_hasAhead ? 1 : 0);
            }

            return _length;
        }
    }

    /// <summary>Goes to the next item.</summary>
    public bool MoveNext(out object? item)
    {
        bool moved = PeekNext();
        item = _ahead;
        if (moved)
        {
            (_hasAhead, _ahead) = (false, null);
            _index0++;
            (_previous, _current) = (_current, item);
        }

        return moved;
    }

    /// <summary>What iterating <c>loop</c> itself yields: pairs of the next item and the loop.</summary>
    public IEnumerable<object?> Rest()
    {
        while (MoveNext(out object? item))
        {
            yield return new PyTuple([item, this]);
        }
    }

    public bool TryGetAttribute(string name, out object? value)
    {
        value = name switch
        {
            "index" => Int(_index0 + 1),
            "index0" => Int(_index0),
            "revindex" => Int(Length - _index0),
            "revindex0" => Int(Length - _index0 - 1),
            "first" => _index0 == 0,
            "last" => !PeekNext(),
            "length" => Int(Length),
            "depth" => Int(_depth0 + 1),
            "depth0" => Int(_depth0),
            "previtem" => _index0 == 0 ? new PyUndefined("there is no previous item") : _previous,
            "nextitem" => PeekNext() ? _ahead : new PyUndefined("there is no next item"),
            "cycle" => new PyFunction("cycle", (_, arguments) => Cycle(arguments), "method"),
            "changed" => new PyFunction("changed", (_, arguments) => Changed(arguments), "method"),
            _ => null,
        };
        return value is not null || name is "previtem" or "nextitem";
    }

    public override object? Call(Renderer renderer, CallArguments arguments)
    {
        object? items = s_call.Bind(arguments).Value(0);
        return _recurse is null
            ? throw JinjaException.Type("The loop must have the 'recursive' marker to be called recursively.")
            : _recurse(items, _depth0 + 1);
    }

    public override string ToString() => $"<LoopContext {_index0 + 1}/{Length}>";

    private static readonly Signature s_call = new("loop", "iterable");

    private static object Int(int value) => (BigInteger)value;

    private bool PeekNext()
    {
        if (!_hasAhead && _items.MoveNext())
        {
            (_hasAhead, _ahead) = (true, _items.Current);
        }

        return _hasAhead;
    }

    private object? Cycle(CallArguments arguments) => arguments.Positional.Count == 0
        ? throw JinjaException.Type("no items for cycling given")
        : arguments.Positional[_index0 % arguments.Positional.Count];

    private bool Changed(CallArguments arguments)
    {
        bool changed = _lastChanged is null || !PyCompare.Equal(new PyTuple(_lastChanged), new PyTuple(arguments.Positional), _budget);
        _lastChanged = arguments.Positional;
        return changed;
    }
}
