using System.Numerics;

namespace SkPeft.Engine.Structured.Vocabulary;

/// <summary>A set of tokens, a bit each.</summary>
internal sealed class TokenSet(int vocabulary)
{
    private readonly ulong[] _bits = new ulong[(vocabulary + 63) / 64];

    /// <summary>Entries of the vocabulary.</summary>
    public int Size => vocabulary;

    public bool IsEmpty => Array.TrueForAll(_bits, b => b == 0);

    public int Count => _bits.Sum(BitOperations.PopCount);

    public void Add(int token) => _bits[token >> 6] |= 1UL << (token & 63);

    public void Add(ReadOnlySpan<int> tokens)
    {
        foreach (int token in tokens)
        {
            Add(token);
        }
    }

    public bool Contains(int token) => (uint)token < (uint)vocabulary && (_bits[token >> 6] & (1UL << (token & 63))) != 0;

    public void UnionWith(TokenSet other)
    {
        ulong[] others = other._bits;
        for (int i = 0; i < _bits.Length; i++)
        {
            _bits[i] |= others[i];
        }
    }

    public void Clear() => Array.Clear(_bits);

    /// <summary>Sets the logits of all other tokens to -infinity.</summary>
    /// <param name="logits">[rows of the output head]: at least the vocabulary; what is beyond it is no token.</param>
    public void Keep(Span<float> logits)
    {
        for (int word = 0; word < _bits.Length; word++)
        {
            int start = word << 6;
            Span<float> part = logits.Slice(start, Math.Min(64, logits.Length - start));
            if (_bits[word] == 0)
            {
                part.Fill(float.NegativeInfinity);
                continue;
            }

            for (ulong missing = ~_bits[word]; missing != 0; missing &= missing - 1)
            {
                int bit = BitOperations.TrailingZeroCount(missing);
                if (bit < part.Length)
                {
                    part[bit] = float.NegativeInfinity;
                }
            }
        }

        logits[Math.Min(logits.Length, _bits.Length << 6)..].Fill(float.NegativeInfinity);
    }
}
