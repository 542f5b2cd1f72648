using SkPeft.Engine.Sampling;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Engine.Generation;

/// <summary>The text of an answer as its tokens arrive: whole characters, and nothing that may still become a stop text.</summary>
internal sealed class AnswerText(ITokenizer? tokenizer, IReadOnlyList<string> stops)
{
    private readonly Utf8TokenDecoder? _decoder = tokenizer?.StartDecoding(skipSpecial: true);
    private readonly StopMatcher _matcher = new(stops);

    public bool Stopped => _matcher.Stopped;

    public string Push(int token) => _decoder is null ? "" : _matcher.Push(_decoder.Push(token));

    public string Flush() => _decoder is null ? "" : _matcher.Push(_decoder.Flush()) + _matcher.Flush();
}
