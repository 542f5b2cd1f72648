using SkPeft.Engine.Prompting.Jinja.Runtime;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>A stable merge sort. The runtime's own wraps what a comparison throws, and may loop on orders that are none (NaN).</summary>
internal static class StableSort
{
    public static List<T> Sort<T>(IReadOnlyList<T> items, Func<T, T, int> order, Budget budget)
    {
        budget.Items(items.Count);
        T[] from = [.. items], to = new T[from.Length];
        for (int width = 1; width < from.Length; width *= 2)
        {
            for (int low = 0; low < from.Length; low += 2 * width)
            {
                Merge(from, to, low, Math.Min(low + width, from.Length), Math.Min(low + (2 * width), from.Length), order, budget);
            }

            (from, to) = (to, from);
        }

        return [.. from];
    }

    private static void Merge<T>(T[] from, T[] to, int low, int middle, int high, Func<T, T, int> order, Budget budget)
    {
        for (int left = low, right = middle, at = low; at < high; at++)
        {
            budget.Step();
            // 2 means "no order" (NaN): Python asks only whether right < left.
            bool takeRight = left >= middle || (right < high && order(from[right], from[left]) == -1);
            to[at] = takeRight ? from[right++] : from[left++];
        }
    }
}
