using SkPeft.Engine.Structured.Automata;
using SkPeft.Engine.Structured.Grammars;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>
/// Writes an object: the properties that the schema names in its order, each that is not required may be left out, then others. JSON knows no
/// order of properties: one of the valid ones is enough.
/// </summary>
internal sealed class ObjectWriter(Terminals terminals, Func<SchemaNode, Rule> ruleOf, PlaceBudget budget)
{
    /// <exception cref="SchemaException">Only properties with names of their own would reach its least number.</exception>
    public void Add(ObjectShape item, Place start, Place end)
    {
        if (item.Min > item.Properties.Count + 1)
        {
            throw budget.Origin!.Wrong(
                "minProperties", $"{item.Min} where {item.Properties.Count} properties are named", $"at most {item.Properties.Count + 1}: the names of others may repeat, so that all of them count as one");
        }

        Writing writing = new(item, end, terminals, ruleOf, budget);
        Place first = budget.Add();
        start.Add(terminals.OpenObject, first);
        writing.AddEnd(first, 0, isEnough: item.Min == 0);
        if (item.Max != 0)
        {
            first.Skip(writing.KeyPlace(new Progress(0, 0, false)));
        }

        writing.Finish();
    }

    /// <param name="Index">The next named property.</param>
    /// <param name="Count">How many were written, as far as it makes a difference.</param>
    /// <param name="HasOthers">Whether others were among them: two may have one name, so of the least number they count as one.</param>
    /// <param name="IsEnough">Once others were written: whether the least number is reached.</param>
    private readonly record struct Progress(int Index, int Count, bool HasOthers, bool IsEnough = false);

    private sealed class Writing(ObjectShape item, Place end, Terminals terminals, Func<SchemaNode, Rule> ruleOf, PlaceBudget budget)
    {
        // Counted only for the comma, the least and the greatest number.
        private readonly int _cap = item.Max ?? Math.Max(1, item.Min);
        private readonly bool _writesOthers = item.WritesOthers || item.Min > item.Properties.Count;
        private readonly int _lastRequired = item.Properties.Select((p, i) => item.Required.Contains(p.Name) ? i : -1).Append(-1).Max();
        private readonly Terminal?[] _keys = new Terminal?[item.Properties.Count];
        private readonly Dictionary<Progress, Place> _keyPlaces = [];
        private readonly Dictionary<Progress, Place> _valuePlaces = [];
        private readonly Queue<Progress> _open = [];
        private Terminal? _otherKey;

        /// <summary>The place in front of a property's name.</summary>
        public Place KeyPlace(Progress at)
        {
            if (!_keyPlaces.TryGetValue(at, out Place? place))
            {
                _keyPlaces.Add(at, place = budget.Add());
                _open.Enqueue(at);
            }

            return place;
        }

        public void Finish()
        {
            while (_open.TryDequeue(out Progress at))
            {
                if (at.Index < item.Properties.Count)
                {
                    AddNamed(_keyPlaces[at], at);
                }
                else if (_writesOthers)
                {
                    AddOther(_keyPlaces[at], at);
                }
            }
        }

        public void AddEnd(Place place, int index, bool isEnough)
        {
            if (index > _lastRequired && isEnough)
            {
                place.Add(terminals.CloseObject, end);
            }
        }

        private void AddNamed(Place place, Progress at)
        {
            (string name, SchemaNode value) = item.Properties[at.Index];
            Place behindKey = budget.Add();
            place.Add(_keys[at.Index] ??= terminals.Key(name), behindKey);
            behindKey.Add(ruleOf(value), ValuePlace(at with { Index = at.Index + 1, Count = Math.Min(at.Count + 1, _cap) }));
            if (!item.Required.Contains(name))
            {
                place.Skip(KeyPlace(at with { Index = at.Index + 1 }));
            }
        }

        private void AddOther(Place place, Progress at)
        {
            Place colon = budget.Add(), value = budget.Add();
            place.Add(_otherKey ??= OtherKey(), colon);
            colon.Add(terminals.Colon, value);
            bool isEnough = at.HasOthers ? at.IsEnough : at.Count + 1 >= item.Min;
            value.Add(ruleOf(item.Others), ValuePlace(at with { Count = Math.Min(at.Count + 1, _cap), HasOthers = true, IsEnough = isEnough }));
        }

        // The place behind a value: the end, or a comma and another name.
        private Place ValuePlace(Progress at)
        {
            if (!_valuePlaces.TryGetValue(at, out Place? place))
            {
                _valuePlaces.Add(at, place = budget.Add());
                AddEnd(place, at.Index, at.HasOthers ? at.IsEnough : at.Count >= item.Min);
                if (at.Count != item.Max)
                {
                    place.Add(terminals.Comma, KeyPlace(at));
                }
            }

            return place;
        }

        private Terminal OtherKey() =>
            item.Properties.Count == 0 ? terminals.AnyString : terminals.String(TextAlgebra.AllBut(item.Properties.Select(p => p.Name)));
    }
}
