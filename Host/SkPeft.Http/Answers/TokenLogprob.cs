using System.Buffers;
using SkPeft.Connectors.Answers;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Http.Answers;

/// <summary>A token of an answer as <c>logprobs.content</c> lists it.</summary>
/// <param name="Token">Its text; U+FFFD where it is a part of a character.</param>
/// <param name="Logprob">Its natural log-probability.</param>
/// <param name="Bytes">Its bytes; those of several tokens may make one character.</param>
/// <param name="TopLogprobs">The most probable tokens at this step.</param>
internal sealed record TokenLogprob(string Token, double Logprob, IReadOnlyList<int> Bytes, IReadOnlyList<TopLogprob> TopLogprobs)
{
    // JSON has no infinity; OpenAI writes this for tokens that cannot be.
    private const double Never = -9999;

    public static TokenLogprob Of(TokenProbability token, ITokenizer tokenizer) => new(
        token.Token,
        Finite(token.LogProbability),
        BytesOf(token.Id, tokenizer),
        [.. token.Top.Select(t => new TopLogprob(t.Token, Finite(t.LogProbability), BytesOf(t.Id, tokenizer)))]);

    public static double Finite(double logProbability) => Math.Max(logProbability, Never);

    private static int[] BytesOf(int id, ITokenizer tokenizer)
    {
        ArrayBufferWriter<byte> bytes = new();
        tokenizer.AppendBytes(id, bytes);
        return [.. bytes.WrittenSpan.ToArray().Select(b => (int)b)];
    }
}

/// <summary>One of the most probable tokens at a step.</summary>
internal sealed record TopLogprob(string Token, double Logprob, IReadOnlyList<int> Bytes);
