using SkPeft.Engine.Generation;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Http.Completions;

/// <summary>One answer as it grows.</summary>
internal sealed class TextAnswer(int index, ITokenizer tokenizer)
{
    private readonly LogprobList _logprobs = new(tokenizer);
    private FinishReason? _finish;
    private long? _seed;

    public int PromptTokens { get; private set; }

    public int Tokens { get; private set; }

    public void Take(GenerationUpdate piece)
    {
        if (piece.Token is { } token && !double.IsNaN(token.LogProbability) && !tokenizer.EndOfGenerationIds.Contains(token.Id))
        {
            _logprobs.Add(token);
        }

        if (piece is { Finish: { } finish, Timings: { } timings })
        {
            (_finish, _seed) = (finish, timings.Seed);
            (PromptTokens, Tokens) = (timings.PromptTokens, timings.DecodedTokens + 1);
        }
    }

    /// <summary>The answer, or what is new of it since the last call.</summary>
    public TextChoice Choice(string text) => new(index, text, _logprobs.Take(), _finish switch
    {
        null => null,
        FinishReason.Stop => "stop",
        _ => "length",
    }, _seed);
}
