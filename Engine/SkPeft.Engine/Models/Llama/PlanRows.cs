using SkPeft.Engine.Adapters;

namespace SkPeft.Engine.Models.Llama;

/// <summary>The rows of a step that one adapter's effects touch.</summary>
/// <param name="Plan">The effects.</param>
/// <param name="First">The first row.</param>
/// <param name="Count">How many rows.</param>
internal readonly record struct PlanRows(EffectPlan Plan, int First, int Count)
{
    /// <summary>The rows of segments; neighbours with the same adapter make one group.</summary>
    /// <param name="segments">The segments.</param>
    /// <param name="rows">The first row and the number of rows of a segment; they follow each other.</param>
    public static PlanRows[] Group(IReadOnlyList<ForwardSegment> segments, Func<int, (int First, int Count)> rows)
    {
        List<PlanRows> groups = [];
        for (int i = 0; i < segments.Count; i++)
        {
            EffectPlan plan = segments[i].Sequence.Plan;
            (int first, int count) = rows(i);
            if (groups.Count > 0 && groups[^1].Plan == plan)
            {
                groups[^1] = groups[^1] with { Count = groups[^1].Count + count };
            }
            else
            {
                groups.Add(new PlanRows(plan, first, count));
            }
        }

        return [.. groups];
    }
}
