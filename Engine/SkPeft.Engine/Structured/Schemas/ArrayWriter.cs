using SkPeft.Engine.Structured.Grammars;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>Writes an array: a place for each number of items that makes a difference.</summary>
internal sealed class ArrayWriter(Terminals terminals, Func<SchemaNode, Rule> ruleOf, PlaceBudget budget)
{
    public void Add(ArrayShape array, Place start, Place end)
    {
        // Beyond the prefix and the least number all items are alike, unless a greatest number counts them.
        int last = array.Max ?? Math.Max(array.Min, array.Prefix.Count + 1);
        Dictionary<int, Place> places = new() { [0] = budget.Add() };
        start.Add(terminals.OpenArray, places[0]);
        for (int count = 0; count <= last; count++)
        {
            Place place = places[count];
            if (count >= array.Min)
            {
                place.Add(terminals.CloseArray, end);
            }

            if (count == array.Max)
            {
                break;
            }

            Place item = count == 0 ? place : budget.Add();
            if (count > 0)
            {
                place.Add(terminals.Comma, item);
            }

            int next = Math.Min(count + 1, last);
            places.TryAdd(next, next == count ? place : budget.Add());
            item.Add(ruleOf(array.ItemAt(count)), places[next]);
        }
    }
}
