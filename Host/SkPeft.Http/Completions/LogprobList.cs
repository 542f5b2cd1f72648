using SkPeft.Engine.Sampling;
using SkPeft.Engine.Tokenization;
using SkPeft.Http.Answers;

namespace SkPeft.Http.Completions;

/// <summary>Collects the log-probabilities of one answer, and where in its text each token stands.</summary>
internal sealed class LogprobList(ITokenizer tokenizer)
{
    private readonly List<string> _tokens = [];
    private readonly List<double> _logprobs = [];
    private readonly List<IReadOnlyDictionary<string, double>> _top = [];
    private readonly List<int> _offsets = [];
    private int _length;

    public void Add(SampledToken token)
    {
        string text = tokenizer.Decode([token.Id]);
        _tokens.Add(text);
        _logprobs.Add(TokenLogprob.Finite(token.LogProbability));
        _offsets.Add(_length);
        _length += text.Length;

        // Parts of characters look alike as text; the most probable of them stands for all.
        Dictionary<string, double> top = new(StringComparer.Ordinal);
        foreach (TokenLogProbability other in token.Top)
        {
            top.TryAdd(tokenizer.Decode([other.Id]), TokenLogprob.Finite(other.LogProbability));
        }

        _top.Add(top);
    }

    /// <summary>What was collected since the last call; null where nothing was.</summary>
    public TextLogprobs? Take()
    {
        if (_tokens.Count == 0)
        {
            return null;
        }

        TextLogprobs taken = new([.. _tokens], [.. _logprobs], [.. _top], [.. _offsets]);
        _tokens.Clear();
        _logprobs.Clear();
        _top.Clear();
        _offsets.Clear();
        return taken;
    }
}
