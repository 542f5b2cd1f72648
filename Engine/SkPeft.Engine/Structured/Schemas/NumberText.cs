using SkPeft.Engine.Structured.Automata;

namespace SkPeft.Engine.Structured.Schemas;

/// <summary>The texts of the numbers in a range, digit by digit.</summary>
/// <remarks>
/// At most 15 digits: then numbers that differ are different doubles, and whoever reads them as such finds them within their bounds. So long a
/// run also ends by itself. Where a whole number's bound lies beyond, its digits count.
/// </remarks>
internal sealed class NumberText
{
    /// <summary>Digits before and behind the point together.</summary>
    public const int Digits = 15;

    private const string Free = "-?(?:0|[1-9][0-9]{0,14})(?:\\.[0-9]{1,15})?(?:[eE][+-]?[0-9]{1,2})?";
    private const string FreeInteger = "0|-?[1-9][0-9]{0,14}";

    private static readonly RegexNode s_nothing = new SequenceNode([]);
    private static readonly RegexNode s_digit = new SetNode(CharSet.Digits);

    private readonly string _low;
    private readonly string _high;
    private readonly bool _isLowOpen;
    private readonly bool _isHighOpen;
    private readonly int _whole;

    private NumberText(string low, bool isLowOpen, string high, bool isHighOpen, int whole) =>
        (_low, _isLowOpen, _high, _isHighOpen, _whole) = (low, isLowOpen, high, isHighOpen, whole);

    public static RegexNode Of(NumberRange range)
    {
        if (range is { Low: null, High: null })
        {
            return RegexParser.Parse(range.IsInteger ? FreeInteger : Free);
        }

        range = range.Closed;
        List<RegexNode> forms = [];
        if (!(range.High < 0))
        {
            bool startsAtZero = range.Low is null || range.Low < 0;
            forms.AddRange(Magnitudes(startsAtZero ? 0 : range.Low!.Value, !startsAtZero && range.IsLowOpen, range.High, range.IsHighOpen, range.IsInteger));
        }

        if (!(range.Low >= 0))
        {
            // There is no -0: it would be 0 once more.
            bool endsAtZero = range.High is null || range.High >= 0;
            decimal low = endsAtZero ? 0 : -range.High!.Value;
            IEnumerable<RegexNode> magnitudes = Magnitudes(low, endsAtZero || range.IsHighOpen, -range.Low, range.IsLowOpen, range.IsInteger);
            forms.AddRange(magnitudes.Select(m => RegexNode.Concat(RegexNode.Text("-"), m)));
        }

        return RegexNode.AnyOf(forms);
    }

    private static IEnumerable<RegexNode> Magnitudes(decimal low, bool isLowOpen, decimal? high, bool isHighOpen, bool isInteger)
    {
        if (isInteger && isLowOpen)
        {
            (low, isLowOpen) = (low + 1, false);
        }

        int most = isInteger ? Math.Max(Digits, WholeDigits(low)) : Digits;
        for (int whole = WholeDigits(low); whole <= most; whole++)
        {
            // Numbers of this many digits before the point, between the bounds cut to them.
            int fraction = isInteger ? 0 : Math.Max(0, Digits - whole);
            bool isLowHere = WholeDigits(low) == whole;
            bool isHighHere = high is { } h && WholeDigits(h) == whole;
            if (high is { } end && WholeDigits(end) < whole)
            {
                yield break;
            }

            if (!isLowHere && !isHighHere)
            {
                yield return FreeMagnitude(whole, fraction);
                continue;
            }

            string first = isLowHere ? Spell(low, whole, fraction) : "1" + new string('0', whole - 1 + fraction);
            string last = isHighHere ? Spell(high!.Value, whole, fraction) : new string('9', whole + fraction);
            NumberText text = new(first, isLowHere && isLowOpen, last, isHighHere && isHighOpen, whole);
            if (text.From(0, true, true) is { } node)
            {
                yield return node;
            }
        }
    }

    private static RegexNode FreeMagnitude(int whole, int fraction) =>
        RegexParser.Parse($"[1-9][0-9]{{{whole - 1}}}{(fraction == 0 ? "" : $"(?:\\.[0-9]{{1,{fraction}}})?")}");

    private static int WholeDigits(decimal number) => decimal.Truncate(number).ToString("F0").Length;

    private static string Spell(decimal number, int whole, int fraction) =>
        decimal.Truncate(number).ToString("F0") + (number % 1).ToString("F28")[2..].PadRight(fraction, '0')[..fraction];

    // What may follow the first digits; isLow, isHigh: so far they are those of the bound. Null where nothing may.
    private RegexNode? From(int at, bool isLow, bool isHigh)
    {
        List<RegexNode> ways = [];
        if (at >= _whole && MayStop(at, isLow, isHigh))
        {
            ways.Add(s_nothing);
        }

        if (at < _low.Length && Digit(at, isLow, isHigh) is { } more)
        {
            ways.Add(at == _whole ? RegexNode.Concat(RegexNode.Text("."), more) : more);
        }

        return ways.Count == 0 ? null : RegexNode.AnyOf(ways);
    }

    // Digits left out are zeros.
    private bool MayStop(int at, bool isLow, bool isHigh)
    {
        bool equalsLow = isLow && _low.AsSpan(at).TrimStart('0').IsEmpty;
        bool equalsHigh = isHigh && _high.AsSpan(at).TrimStart('0').IsEmpty;
        return (!isLow || (equalsLow && !_isLowOpen)) && !(equalsHigh && _isHighOpen);
    }

    private RegexNode? Digit(int at, bool isLow, bool isHigh)
    {
        if (!isLow && !isHigh)
        {
            return Unbound(at);
        }

        int first = isLow ? _low[at] : '0', last = isHigh ? _high[at] : '9';
        List<RegexNode> ways = [];
        AddWays(ways, at, first, first, isLow, isHigh && first == last);
        AddWays(ways, at, first + 1, last - 1, false, false);
        if (first < last)
        {
            AddWays(ways, at, last, last, false, isHigh);
        }

        return ways.Count == 0 ? null : RegexNode.AnyOf(ways);
    }

    private void AddWays(List<RegexNode> ways, int at, int first, int last, bool isLow, bool isHigh)
    {
        if (first <= last && From(at + 1, isLow, isHigh) is { } rest)
        {
            ways.Add(RegexNode.Concat(new SetNode(CharSet.Of([(first, last)])), rest));
        }
    }

    private RegexNode Unbound(int at)
    {
        int left = _low.Length - at;
        if (at >= _whole)
        {
            return new RepeatNode(s_digit, 1, left);
        }

        RepeatNode whole = new(s_digit, _whole - at, _whole - at);
        int fraction = _low.Length - _whole;
        return fraction == 0 ? whole : RegexNode.Concat(whole, new RepeatNode(RegexNode.Concat(RegexNode.Text("."), new RepeatNode(s_digit, 1, fraction)), 0, 1));
    }
}
