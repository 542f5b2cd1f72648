using System.Numerics;

namespace SkPeft.Engine.Prompting.Jinja.Values;

/// <summary>Python's <c>range</c>, with the sandbox's bound on its length.</summary>
internal sealed class PyRange
{
    /// <summary>jinja2.sandbox.MAX_RANGE.</summary>
    public const int MaxLength = 100_000;

    public PyRange(BigInteger start, BigInteger stop, BigInteger step)
    {
        if (step.IsZero)
        {
            throw JinjaException.Value("range() arg 3 must not be zero");
        }

        BigInteger span = step.Sign > 0 ? stop - start : start - stop;
        BigInteger length = span.Sign <= 0 ? BigInteger.Zero : ((span - 1) / BigInteger.Abs(step)) + 1;
        if (length > MaxLength)
        {
            throw JinjaException.Overflow($"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MaxLength}).");
        }

        (Start, Stop, Step, Count) = (start, stop, step, (int)length);
    }

    public BigInteger Start { get; }

    public BigInteger Stop { get; }

    public BigInteger Step { get; }

    public int Count { get; }

    public object At(int index) => Start + (Step * index);

    public IEnumerable<object?> Items()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return At(i);
        }
    }
}
