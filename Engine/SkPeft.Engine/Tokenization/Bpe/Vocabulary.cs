namespace SkPeft.Engine.Tokenization.Bpe;

/// <summary>Spellings and ids, both ways. An id may have no token.</summary>
internal sealed class Vocabulary
{
    private readonly string?[] _texts;
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public Vocabulary(string?[] texts, Dictionary<string, int> ids)
    {
        _texts = texts;
        _ids = ids;
        _bySpan = ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>One more than the largest id.</summary>
    public int Size => _texts.Length;

    public IReadOnlyList<string?> Texts => _texts;

    public string? TextOf(int id) => (uint)id < (uint)_texts.Length ? _texts[id] : null;

    public int? IdOf(ReadOnlySpan<char> token) => _bySpan.TryGetValue(token, out int id) ? id : null;

    public int? IdOf(string token) => _ids.TryGetValue(token, out int id) ? id : null;
}
