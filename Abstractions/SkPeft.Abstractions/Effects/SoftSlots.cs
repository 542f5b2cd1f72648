using System.Globalization;
using System.Text.RegularExpressions;

namespace SkPeft;

/// <summary>
/// Soft tokens that stand in the middle of a prompt, where its text says so: <c>[P1]</c> … <c>[Pn]</c> for one each, or
/// <c>&lt;|VIRTUAL_PROMPT_0|&gt;</c> … for a run of them, as NVIDIA NeMo writes it. In token ids the k-th soft token is −k.
/// </summary>
/// <param name="Count">Soft tokens, at least 1.</param>
/// <param name="Template">The prompt that they were trained in, for messages; empty where that is not known.</param>
public sealed partial record SoftSlots(int Count, string Template)
{
    /// <summary>How many soft tokens stand at each of NeMo's markers, in order; empty where the prompt has none of them.</summary>
    public IReadOnlyList<int> Splits { get; init; } = [];

    /// <summary>The slots that a template needs: as many as its highest number says, or all of <paramref name="splits"/>; 0 for a text without any.</summary>
    /// <param name="template">The template.</param>
    /// <param name="splits">Soft tokens at each of NeMo's markers.</param>
    public static int CountIn(string template, IReadOnlyList<int> splits)
    {
        ArgumentNullException.ThrowIfNull(splits);
        int named = Marker().Matches(template).Where(m => m.Groups["one"].Success).Select(m => NumberOf(m.Groups["one"])).DefaultIfEmpty(0).Max();
        return Math.Max(named, splits.Sum());
    }

    /// <summary>The first marker of a soft token in a template, or null.</summary>
    /// <param name="template">The template.</param>
    public static string? FirstIn(string template) => Marker().Match(template) is { Success: true } marker ? marker.Value : null;

    /// <summary>Cuts a text at its slots.</summary>
    /// <param name="text">Text of the prompt's author; what a stranger wrote is not to be cut.</param>
    /// <returns>Pieces in order: a text, or placeholder ids.</returns>
    /// <exception cref="InvalidOptionException">A marker names soft tokens that there are not.</exception>
    public IEnumerable<SlotPiece> Cut(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = 0;
        foreach (Match marker in Marker().Matches(text))
        {
            if (marker.Index > at)
            {
                yield return new SlotPiece(text[at..marker.Index], []);
            }

            yield return new SlotPiece("", IdsOf(marker));
            at = marker.Index + marker.Length;
        }

        if (at < text.Length)
        {
            yield return new SlotPiece(text[at..], []);
        }
    }

    /// <summary>Requires that ids have a place for every soft token.</summary>
    /// <param name="ids">The prompt.</param>
    /// <param name="owner">Whose soft tokens they are, for messages: <c>adapter 'x'</c>.</param>
    /// <exception cref="InvalidOptionException">Some are missing.</exception>
    public void Require(IEnumerable<int> ids, string owner)
    {
        HashSet<int> there = [.. ids.Where(id => id < 0)];
        int[] missing = [.. Enumerable.Range(1, Count).Where(k => !there.Contains(-k))];
        if (missing.Length > 0)
        {
            string trained = Template.Length == 0 ? "" : $", as in '{Template}'";
            throw new InvalidOptionException(
                "prompt", $"a prompt without {Names(missing)}", $"all of {Names([.. Enumerable.Range(1, Count)])}{trained}: {owner} has these soft tokens in its prompt");
        }
    }

    private int[] IdsOf(Match marker)
    {
        if (marker.Groups["one"].Success)
        {
            int number = NumberOf(marker.Groups["one"]);
            return number >= 1 && number <= Count ? [-number] : throw Unknown(marker, $"[P1] to [P{Count}]");
        }

        int run = NumberOf(marker.Groups["run"]);
        return run < Splits.Count
            ? [.. Enumerable.Range(Splits.Take(run).Sum() + 1, Splits[run]).Select(k => -k)]
            : throw Unknown(marker, Splits.Count == 0 ? $"[P1] to [P{Count}]" : $"<|VIRTUAL_PROMPT_0|> to <|VIRTUAL_PROMPT_{Splits.Count - 1}|>");
    }

    private static InvalidOptionException Unknown(Match marker, string known) => new("prompt", $"'{marker.Value}'", $"{known}, the soft tokens that there are");

    private static string Names(IReadOnlyList<int> numbers) =>
        numbers.Count > 8 ? $"[P{numbers[0]}] … [P{numbers[^1]}]" : string.Join(" ", numbers.Select(n => $"[P{n}]"));

    // More digits than an int has name no soft token either.
    private static int NumberOf(Group digits) => int.TryParse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : int.MaxValue;

    [GeneratedRegex(@"\[P(?<one>[0-9]+)\]|<\|VIRTUAL_PROMPT_(?<run>[0-9]+)\|>", RegexOptions.CultureInvariant)]
    private static partial Regex Marker();
}

/// <summary>A piece of a prompt with slots.</summary>
/// <param name="Text">The text, where it is one.</param>
/// <param name="Ids">The placeholders, where it is a slot; else empty.</param>
public readonly record struct SlotPiece(string Text, IReadOnlyList<int> Ids);
