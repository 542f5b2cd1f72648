using System.Numerics;
using SkPeft.Engine.Prompting.Jinja.Values;

namespace SkPeft.Engine.Prompting.Jinja.Semantics;

/// <summary>A slice resolved for a length, as Python's <c>slice.indices</c> does it.</summary>
internal readonly record struct SliceBounds(int Start, int Stop, int Step, int Count)
{
    public int At(int i) => Start + (Step * i);

    public static SliceBounds Of(object? start, object? stop, object? step, int length)
    {
        BigInteger stride = Index(step) ?? BigInteger.One;
        if (stride.IsZero)
        {
            throw JinjaException.Value("slice step cannot be zero");
        }

        bool down = stride.Sign < 0;
        BigInteger low = down ? -1 : 0, high = down ? length - 1 : length;
        BigInteger from = Clamp(Index(start), down ? high : low, low, high, length);
        BigInteger to = Clamp(Index(stop), down ? low : high, low, high, length);
        BigInteger span = down ? from - to : to - from;
        BigInteger count = span.Sign <= 0 ? 0 : ((span - 1) / BigInteger.Abs(stride)) + 1;
        // With one item or none the stride is never taken, so that a huge one need not fit.
        return new SliceBounds((int)from, (int)to, (int)BigInteger.Max(-int.MaxValue, BigInteger.Min(int.MaxValue, stride)), (int)count);
    }

    private static BigInteger Clamp(BigInteger? index, BigInteger omitted, BigInteger low, BigInteger high, int length)
    {
        if (index is not { } i)
        {
            return omitted;
        }

        i = i.Sign < 0 ? i + length : i;
        return BigInteger.Max(low, BigInteger.Min(high, i));
    }

    private static BigInteger? Index(object? value) => value is null ? null
        : Numbers.TryInt(value, out BigInteger i) ? i
        : throw JinjaException.Type("slice indices must be integers or None or have an __index__ method");
}
