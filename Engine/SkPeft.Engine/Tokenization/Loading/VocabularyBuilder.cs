using System.Globalization;
using SkPeft.Engine.Tokenization.Bpe;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Collects tokens and their ids; both must be unique, and ids not far beyond the number of tokens.</summary>
internal sealed class VocabularyBuilder(string file)
{
    /// <summary>How far the largest id may lie beyond the number of tokens: holes cost memory.</summary>
    public const int MaximumHoles = 1 << 20;

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<int, string> _texts = [];
    private int _largest = -1;

    public int Count => _texts.Count;

    public int? IdOf(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    public void Add(string field, string token, int id)
    {
        if (!_ids.TryAdd(token, id))
        {
            throw new FileFormatException(file, field, $"token {JsonPart.Quote(token)} twice", "each token once");
        }

        if (!_texts.TryAdd(id, token))
        {
            throw new FileFormatException(file, field, $"id {Number(id)} for {JsonPart.Quote(_texts[id])} and for {JsonPart.Quote(token)}", "an id for each token");
        }

        _largest = Math.Max(_largest, id);
    }

    /// <summary>An id whose spelling is empty: no text leads to it.</summary>
    public void AddBlank(int id)
    {
        _texts[id] = "";
        _largest = Math.Max(_largest, id);
    }

    public Vocabulary Build()
    {
        if (_largest < 0)
        {
            throw new FileFormatException(file, "vocabulary", "no token", "at least one token");
        }

        if (_largest >= _texts.Count + MaximumHoles)
        {
            throw new FileFormatException(file, "vocabulary", $"id {Number(_largest)} among {Number(_texts.Count)} tokens", "ids close to the number of tokens");
        }

        string?[] texts = new string?[_largest + 1];
        foreach ((int id, string text) in _texts)
        {
            texts[id] = text;
        }

        return new Vocabulary(texts, _ids);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
