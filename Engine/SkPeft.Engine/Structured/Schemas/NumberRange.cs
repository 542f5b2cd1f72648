namespace SkPeft.Engine.Structured.Schemas;

/// <summary>Numbers between two bounds, each of which may be missing or excluded.</summary>
internal sealed record NumberRange(decimal? Low, bool IsLowOpen, decimal? High, bool IsHighOpen, bool IsInteger)
{
    public static NumberRange All { get; } = new(null, false, null, false, false);

    public static NumberRange Integers { get; } = All with { IsInteger = true };

    public bool IsEmpty => IsInteger
        ? Closed is { Low: { } first, High: { } last } && first > last
        : Low > High || (Low == High && Low is not null && (IsLowOpen || IsHighOpen));

    /// <summary>For integers: the same numbers between bounds that are integers and not excluded.</summary>
    public NumberRange Closed => !IsInteger ? this : new(
        Low is not { } low ? null : IsLowOpen ? decimal.Floor(low) + 1 : decimal.Ceiling(low), false,
        High is not { } high ? null : IsHighOpen ? decimal.Ceiling(high) - 1 : decimal.Floor(high), false, true);

    public bool Contains(decimal number) =>
        (!IsInteger || decimal.Floor(number) == number)
        && !(number < Low) && !(IsLowOpen && number == Low) && !(number > High) && !(IsHighOpen && number == High);

    public NumberRange And(NumberRange other)
    {
        bool otherLow = other.Low > Low || Low is null || (other.Low == Low && other.IsLowOpen);
        bool otherHigh = other.High < High || High is null || (other.High == High && other.IsHighOpen);
        return new(
            otherLow && other.Low is not null ? other.Low : Low, otherLow && other.Low is not null ? other.IsLowOpen : IsLowOpen,
            otherHigh && other.High is not null ? other.High : High, otherHigh && other.High is not null ? other.IsHighOpen : IsHighOpen,
            IsInteger || other.IsInteger);
    }
}
