namespace SkPeft.Peft.LoKr;

/// <summary>How LoKr splits an extent into two (LyCORIS, <c>factorization</c>).</summary>
internal static class Factors
{
    /// <summary>A divisor and its counterpart, the smaller first unless it was asked for.</summary>
    /// <param name="extent">The extent, at least 1.</param>
    /// <param name="wanted">The divisor that is wanted, or its bound where it is none; -1: the largest up to the square root.</param>
    public static (int First, int Second) Of(int extent, int wanted)
    {
        if (wanted > 0 && extent % wanted == 0)
        {
            return (wanted, extent / wanted);
        }

        // Divisors come in pairs: behind the root the pair before it turns up again, in the other order.
        int bound = wanted == -1 ? extent : wanted;
        (int first, int second) = (1, extent);
        for (int next = 2; first < second && next <= bound; next++)
        {
            if (extent % next == 0)
            {
                (first, second) = (next, extent / next);
            }
        }

        return first > second ? (second, first) : (first, second);
    }
}
