using System.Text;
using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.Decoding;

/// <summary>The bytes of every token, in one block.</summary>
internal sealed class TokenBytes
{
    private readonly IReadOnlyList<string?> _texts;
    private readonly byte[] _bytes;
    private readonly int[] _ends;
    private readonly bool[] _isRawByte;

    public TokenBytes(IReadOnlyList<string?> texts, DecodingRules rules)
    {
        _texts = texts;
        Rules = rules;
        _ends = new int[texts.Count];
        _isRawByte = new bool[texts.Count];
        MemoryStream block = new();
        for (int id = 0; id < texts.Count; id++)
        {
            block.Write(texts[id] is { } text ? BytesOf(text, isFirst: false, out _isRawByte[id]) : []);
            _ends[id] = checked((int)block.Length);
        }

        _bytes = block.ToArray();
    }

    public DecodingRules Rules { get; }

    public bool Has(int id) => (uint)id < (uint)_ends.Length && _texts[id] is not null;

    public bool IsRawByte(int id) => _isRawByte[id];

    public ReadOnlySpan<byte> Of(int id, bool isFirst)
    {
        if (isFirst && Rules.FirstDiffers)
        {
            return BytesOf(_texts[id]!, isFirst: true, out _);
        }

        int start = id == 0 ? 0 : _ends[id - 1];
        return _bytes.AsSpan(start, _ends[id] - start);
    }

    private byte[] BytesOf(string token, bool isFirst, out bool isRawByte)
    {
        token = Rules.Spell(token, isFirst);
        isRawByte = false;
        if (Rules.Bytes == ByteMeaning.ByteLevel && ByteAlphabet.TryGetBytes(token, out byte[] bytes))
        {
            return bytes;
        }

        if (Rules.Bytes == ByteMeaning.Fallback && ByteAlphabet.TryParseFallback(token, out byte value))
        {
            isRawByte = true;
            return [value];
        }

        return Encoding.UTF8.GetBytes(token);
    }
}
