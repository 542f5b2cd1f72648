namespace SkPeft.Engine.Structured.Grammars;

/// <summary>Takes out of a grammar every way that cannot come to an end: then no choice of tokens can lead to where nothing may follow.</summary>
internal static class Productivity
{
    /// <returns>False where nothing is left: the grammar has no text that the vocabulary can write.</returns>
    public static bool Trim(Rule root)
    {
        IReadOnlyList<Place> places = Reachable(root);
        HashSet<Place> good = [];
        bool grows = true;
        while (grows)
        {
            grows = false;

            // Places are found from the start on, so that going backwards settles most of them in one round.
            for (int i = places.Count - 1; i >= 0; i--)
            {
                Place place = places[i];
                if (!good.Contains(place) && (place.IsEnd || place.Edges.Exists(e => IsGood(e, good))))
                {
                    grows |= good.Add(place);
                }
            }
        }

        foreach (Place place in places)
        {
            place.Edges.RemoveAll(e => !IsGood(e, good));
        }

        return good.Contains(root.Start);
    }

    private static bool IsGood(Edge edge, HashSet<Place> good) =>
        good.Contains(edge.Target) && edge.Terminal is not { IsEmpty: true } && (edge.Rule is null || good.Contains(edge.Rule.Start));

    private static List<Place> Reachable(Rule root)
    {
        List<Place> places = [root.Start];
        HashSet<Place> seen = [root.Start];
        for (int i = 0; i < places.Count; i++)
        {
            foreach (Edge edge in places[i].Edges)
            {
                foreach (Place next in edge.Rule is null ? (Place[])[edge.Target] : [edge.Target, edge.Rule.Start])
                {
                    if (seen.Add(next))
                    {
                        places.Add(next);
                    }
                }
            }
        }

        return places;
    }
}
