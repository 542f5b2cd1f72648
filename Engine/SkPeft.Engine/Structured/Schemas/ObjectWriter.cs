using SkPeft.Engine.Structured.Automata;
using SkPeft.Engine.Structured.Grammars;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>
/// Writes an object: the properties that the schema names in its order, each that is not required may be left out, then others. JSON knows no
/// order of properties: one of the valid ones is enough.
/// </summary>
internal sealed class ObjectWriter(Terminals terminals, Func<SchemaNode, Rule> ruleOf, PlaceBudget budget)
{
    public void Add(ObjectShape item, Place start, Place end)
    {
        Place first = budget.Add();
        start.Add(terminals.OpenObject, first);
        new Writing(item, end, terminals, ruleOf, budget).AddProperties(first);
    }

    private sealed class Writing(ObjectShape item, Place end, Terminals terminals, Func<SchemaNode, Rule> ruleOf, PlaceBudget budget)
    {
        // Counted only as far as it makes a difference: the comma, the least and the greatest number.
        private readonly int _cap = item.Max ?? Math.Max(1, item.Min);
        private readonly bool _writesOthers = item.WritesOthers || item.Min > item.Properties.Count;
        private readonly Dictionary<(int Index, int Count), Place> _places = [];
        private readonly Dictionary<(int Index, bool WithComma), Terminal> _keys = [];
        private readonly Dictionary<(int Count, bool IsEnough), Place> _others = [];
        private readonly Queue<(int Index, int Count)> _open = [];
        private Terminal? _otherKey;

        public void AddProperties(Place first)
        {
            _places.Add((0, 0), first);
            _open.Enqueue((0, 0));
            while (_open.TryDequeue(out (int Index, int Count) at))
            {
                Place place = _places[at];
                if (at.Index == item.Properties.Count)
                {
                    AddRest(place, at.Count);
                }
                else
                {
                    AddProperty(place, at.Index, at.Count);
                }
            }
        }

        private void AddProperty(Place place, int index, int count)
        {
            (string name, SchemaNode value) = item.Properties[index];
            if (count != item.Max)
            {
                Place behindKey = budget.Add();
                place.Add(KeyOf(index, name, count > 0), behindKey);
                behindKey.Add(ruleOf(value), PlaceOf(index + 1, Math.Min(count + 1, _cap)));
            }

            if (!item.Required.Contains(name))
            {
                place.Skip(PlaceOf(index + 1, count));
            }
        }

        private void AddRest(Place place, int count)
        {
            if (count >= item.Min)
            {
                place.Add(terminals.CloseObject, end);
            }

            // Two of the others may have one name: of the least number they count as one.
            if (_writesOthers && count != item.Max)
            {
                AddOther(place, count, count + 1 >= item.Min);
            }
        }

        private void AddOther(Place place, int count, bool isEnough)
        {
            Place key = place;
            if (count > 0)
            {
                key = budget.Add();
                place.Add(terminals.Comma, key);
            }

            Place colon = budget.Add(), value = budget.Add();
            key.Add(_otherKey ??= OtherKey(), colon);
            colon.Add(terminals.Colon, value);
            value.Add(ruleOf(item.Others), OtherPlace(Math.Min(count + 1, _cap), isEnough));
        }

        private Place OtherPlace(int count, bool isEnough)
        {
            if (!_others.TryGetValue((count, isEnough), out Place? place))
            {
                _others.Add((count, isEnough), place = budget.Add());
                if (isEnough)
                {
                    place.Add(terminals.CloseObject, end);
                }

                if (count != item.Max)
                {
                    AddOther(place, count, isEnough);
                }
            }

            return place;
        }

        private Terminal OtherKey() =>
            item.Properties.Count == 0 ? terminals.AnyString : terminals.String(TextAlgebra.AllBut(item.Properties.Select(p => p.Name)));

        private Terminal KeyOf(int index, string name, bool withComma)
        {
            if (!_keys.TryGetValue((index, withComma), out Terminal? key))
            {
                _keys.Add((index, withComma), key = terminals.Key(name, withComma));
            }

            return key;
        }

        private Place PlaceOf(int index, int count)
        {
            if (!_places.TryGetValue((index, count), out Place? place))
            {
                _places.Add((index, count), place = budget.Add());
                _open.Enqueue((index, count));
            }

            return place;
        }
    }
}
