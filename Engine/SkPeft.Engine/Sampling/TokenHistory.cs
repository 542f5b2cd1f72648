namespace SkPeft.Engine.Sampling;

/// <summary>Which tokens prompt and answer have used, and how often.</summary>
internal sealed class TokenHistory
{
    private readonly HashSet<int> _seen;
    private readonly Dictionary<int, int> _answer = [];

    public TokenHistory(IEnumerable<int> prompt) => _seen = [.. prompt];

    /// <summary>Tokens of prompt and answer.</summary>
    public IReadOnlyCollection<int> Seen => _seen;

    /// <summary>Tokens of the answer with their counts.</summary>
    public IReadOnlyDictionary<int, int> Answer => _answer;

    public void Add(int token)
    {
        _seen.Add(token);
        _answer[token] = _answer.GetValueOrDefault(token) + 1;
    }
}
