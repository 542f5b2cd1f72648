using System.Runtime.InteropServices;
using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.Bpe;

/// <summary>What tokenizer.json's <c>model</c> may ask for beyond vocabulary and merges.</summary>
/// <param name="Unknown">The token for a character that nothing else covers.</param>
/// <param name="FuseUnknown">One such token for several such characters in a row.</param>
/// <param name="ByteFallback">Spell such a character with byte tokens instead, where all of its bytes have one.</param>
/// <param name="IgnoreMerges">A word that is in the vocabulary is that token, whether merges lead there or not.</param>
internal sealed record BpeOptions(int? Unknown, bool FuseUnknown, bool ByteFallback, bool IgnoreMerges);

/// <summary>Byte pair encoding of words (Sennrich et al. 2016, §3.2), with the additions of the tokenizers library.</summary>
internal sealed class BpeModel
{
    private readonly Vocabulary _vocabulary;
    private readonly MergeTable _merges;
    private readonly BpeOptions _options;
    private readonly Func<int, bool> _isSpecial;
    private readonly WordCache _cache = new();
    private readonly int[] _basicPlane = new int[0x10000];
    private readonly int?[] _bytes = new int?[256];
    private readonly Neighbours _neighbours;

    public BpeModel(Vocabulary vocabulary, MergeTable merges, BpeOptions options, Func<int, bool> isSpecial)
    {
        _vocabulary = vocabulary;
        _merges = merges;
        _options = options;
        _isSpecial = isSpecial;
        _neighbours = new Neighbours(vocabulary);
        for (int c = 0; c < _basicPlane.Length; c++)
        {
            _basicPlane[c] = char.IsSurrogate((char)c) ? -1 : vocabulary.IdOf([(char)c]) ?? -1;
        }

        for (int value = 0; value < 256 && options.ByteFallback; value++)
        {
            _bytes[value] = vocabulary.IdOf(ByteAlphabet.FallbackSpelling(value));
        }
    }

    /// <summary>Appends the ids of one word.</summary>
    public void Encode(ReadOnlySpan<char> word, List<int> ids, MergeWorkspace workspace)
    {
        if (_cache.TryGet(word, out int[] known))
        {
            ids.AddRange(known);
            return;
        }

        int before = ids.Count;
        // A special token is never spelled by ordinary text, not even where it is a whole word of the vocabulary.
        if (_options.IgnoreMerges && _vocabulary.IdOf(word) is int whole && !_isSpecial(whole))
        {
            ids.Add(whole);
        }
        else if (word.Length > WordCache.MaximumLength)
        {
            EncodeLong(word, ids, workspace);
        }
        else
        {
            AddSymbols(word, workspace);
            workspace.MergeInto(_merges, ids);
        }

        _cache.Add(word, CollectionsMarshal.AsSpan(ids)[before..]);
    }

    /// <summary>A whole text is one word for SentencePiece: it is cut where no token reaches across, and the parts are looked up like words.</summary>
    private void EncodeLong(ReadOnlySpan<char> word, List<int> ids, MergeWorkspace workspace)
    {
        int start = 0;
        for (int i = 1; i <= word.Length; i++)
        {
            if (i < word.Length && !_neighbours.IsBorder(word[i - 1], word[i], _basicPlane))
            {
                continue;
            }

            ReadOnlySpan<char> part = word[start..i];
            start = i;
            // Where whole words are looked up, what the cache knows of a word does not hold for a part that looks like it.
            if (!_options.IgnoreMerges && _cache.TryGet(part, out int[] known))
            {
                ids.AddRange(known);
                continue;
            }

            int before = ids.Count;
            AddSymbols(part, workspace);
            workspace.MergeInto(_merges, ids);
            if (!_options.IgnoreMerges)
            {
                _cache.Add(part, CollectionsMarshal.AsSpan(ids)[before..]);
            }
        }
    }

    private void AddSymbols(ReadOnlySpan<char> word, MergeWorkspace workspace)
    {
        bool unknownWaits = false;
        for (int i = 0; i < word.Length;)
        {
            int codePoint = CodePoints.At(word, i, out int length);
            ReadOnlySpan<char> symbol = word.Slice(i, length);
            i += length;
            int id = codePoint < 0x10000 ? _basicPlane[codePoint] : _vocabulary.IdOf(symbol) ?? -1;
            if (id >= 0)
            {
                AddWaiting(ref unknownWaits, workspace);
                workspace.Add(id);
            }
            else if (!TryAddBytes(codePoint, workspace) && _options.Unknown is not null)
            {
                if (!_options.FuseUnknown)
                {
                    AddWaiting(ref unknownWaits, workspace);
                }

                unknownWaits = true;
            }
        }

        AddWaiting(ref unknownWaits, workspace);
    }

    private void AddWaiting(ref bool unknownWaits, MergeWorkspace workspace)
    {
        if (unknownWaits)
        {
            workspace.Add(_options.Unknown!.Value);
            unknownWaits = false;
        }
    }

    private bool TryAddBytes(int codePoint, MergeWorkspace workspace)
    {
        if (!_options.ByteFallback)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..new System.Text.Rune(codePoint).EncodeToUtf8(bytes)];
        foreach (byte value in bytes)
        {
            if (_bytes[value] is null)
            {
                return false;
            }
        }

        foreach (byte value in bytes)
        {
            workspace.Add(_bytes[value]!.Value);
        }

        return true;
    }
}
