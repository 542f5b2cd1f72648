using System.Runtime.InteropServices;

namespace SkPeft.Engine.Generation;

/// <summary>
/// Prompt lookup decoding (Saxena, 2023; the n-gram case of speculative decoding, arXiv 2211.17192): an answer that repeats its prompt goes on as
/// the prompt went on. What is guessed is run in the same step as the last token and kept as far as the model says the same, so that the text does
/// not change.
/// </summary>
internal static class PromptLookup
{
    /// <summary>The most tokens that a request may have guessed at a time.</summary>
    public const int MostGuesses = 16;

    // Shorter matches are met everywhere, and guess wrongly.
    private const int LongestMatch = 4;
    private const int ShortestMatch = 2;

    /// <summary>What followed the text's end where the same tokens stood last; empty where they stood nowhere.</summary>
    /// <param name="text">Prompt and answer so far; places of soft tokens are below 0 and are never guessed.</param>
    /// <param name="most">How many tokens at most.</param>
    public static int[] Guess(List<int> text, int most)
    {
        ReadOnlySpan<int> all = CollectionsMarshal.AsSpan(text);
        for (int length = Math.Min(LongestMatch, all.Length - 1); length >= ShortestMatch && most > 0; length--)
        {
            int at = all[..^1].LastIndexOf(all[^length..]);
            if (at >= 0)
            {
                ReadOnlySpan<int> next = all[(at + length)..];
                next = next[..Math.Min(most, next.Length)];
                int place = next.IndexOfAnyInRange(int.MinValue, -1);
                return next[..(place < 0 ? next.Length : place)].ToArray();
            }
        }

        return [];
    }
}
