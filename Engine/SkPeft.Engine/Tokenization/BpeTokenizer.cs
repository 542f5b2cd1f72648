using System.Buffers;
using System.Text;
using SkPeft.Engine.Tokenization.AddedTokens;
using SkPeft.Engine.Tokenization.Bpe;
using SkPeft.Engine.Tokenization.Decoding;
using SkPeft.Engine.Tokenization.Normalization;
using SkPeft.Engine.Tokenization.PreTokenization;
using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization;

/// <summary>Added tokens are cut out first, the rest is normalised, cut into words, and each word merged: the order of the tokenizers library.</summary>
internal sealed class BpeTokenizer : ITokenizer
{
    private readonly TokenizerParts _parts;
    private readonly BpeModel _model;
    private readonly TokenBytes _tokens;
    private readonly bool[] _isSpecial;
    private readonly AddedTokenSplitter _original;
    private readonly AddedTokenSplitter _normalized;
    private readonly bool _hasNormalizedTokens;
    private readonly Lazy<string> _fingerprint;

    public BpeTokenizer(TokenizerParts parts)
    {
        _parts = parts;
        _isSpecial = new bool[parts.Vocabulary.Size];
        foreach (AddedToken token in parts.AddedTokens.Where(t => t.Special))
        {
            _isSpecial[token.Id] = true;
        }

        _model = new BpeModel(parts.Vocabulary, parts.Merges, parts.Options, IsSpecial);
        _tokens = new TokenBytes(parts.Vocabulary.Texts, parts.Decoding);
        TokenTrie normalized = new(Ordered(isNormalized: true).Select(t => (Normalize(t.Content), t)));
        _hasNormalizedTokens = !normalized.IsEmpty;
        _normalized = new AddedTokenSplitter(normalized);
        _original = new AddedTokenSplitter(new TokenTrie(Ordered(isNormalized: false).Select(t => (t.Content, t))));
        _fingerprint = new Lazy<string>(() => TokenizerFingerprint.Of(parts));
    }

    public int VocabularySize => _parts.Vocabulary.Size;

    public int? BosId => _parts.Names.Bos;

    public int? EosId => _parts.Names.Eos;

    public IReadOnlySet<int> EndOfGenerationIds => _parts.Names.EndOfGeneration;

    public bool AddBosByDefault => _parts.Names.AddBos && BosId is not null;

    public string? ChatTemplate => _parts.Names.ChatTemplate;

    public string Fingerprint => _fingerprint.Value;

    public IReadOnlyList<int> Encode(ReadOnlySpan<char> text, SpecialTokens special = SpecialTokens.AsText) =>
        Encode(text, special == SpecialTokens.Match ? UntrustedSpans.None : UntrustedSpans.Everything);

    public IReadOnlyList<int> Encode(string text, IReadOnlyList<(int Start, int Length)> untrusted) =>
        Encode(text, UntrustedSpans.Of(untrusted, text.Length));

    public IReadOnlyList<int> Encode(IReadOnlyList<TextSegment> segments)
    {
        StringBuilder text = new();
        List<(int, int)> untrusted = [];
        foreach (TextSegment segment in segments)
        {
            if (!segment.Trusted)
            {
                untrusted.Add((text.Length, segment.Text.Length));
            }

            text.Append(segment.Text);
        }

        return Encode(text.ToString(), untrusted);
    }

    public string Decode(ReadOnlySpan<int> ids, bool skipSpecial = false)
    {
        Utf8TokenDecoder decoder = StartDecoding(skipSpecial);
        foreach (int id in ids)
        {
            decoder.Append(id);
        }

        return decoder.Flush();
    }

    public Utf8TokenDecoder StartDecoding(bool skipSpecial = false) => new(_tokens, skipSpecial ? IsSpecial : null);

    public void AppendBytes(int id, IBufferWriter<byte> to)
    {
        if (_tokens.Has(id))
        {
            to.Write(_tokens.Of(id, isFirst: false));
        }
    }

    public string TokenText(int id) => _parts.Vocabulary.TextOf(id) ?? "";

    public int? IdOf(string token) => _parts.Vocabulary.IdOf(token);

    public bool IsSpecial(int id) => (uint)id < (uint)_isSpecial.Length && _isSpecial[id];

    private List<int> Encode(ReadOnlySpan<char> text, UntrustedSpans untrusted)
    {
        char[] original = CodePoints.WellFormed(text);
        List<int> ids = new(16 + (original.Length / 3));
        MergeWorkspace workspace = new();
        foreach (TextPart part in _original.Split(original, untrusted.Touches))
        {
            if (part.Token is { } token)
            {
                ids.Add(token.Id);
            }
            else
            {
                EncodeRun(original, part, untrusted, ids, workspace);
            }
        }

        return ids;
    }

    private void EncodeRun(char[] original, TextPart run, UntrustedSpans untrusted, List<int> ids, MergeWorkspace workspace)
    {
        if (_parts.Normalizer is null && !_hasNormalizedTokens)
        {
            EncodeWords(new Pieces(original, run.Start, run.Length, run.Start == 0), ids, workspace);
            return;
        }

        AlignedText text = AlignedText.Of(original, run.Start, run.Length);
        text = _parts.Normalizer?.Apply(text) ?? text;
        char[] normalized = text.ToArray();
        foreach (TextPart part in _normalized.Split(normalized, (start, end) => IsTouched(text, start, end, untrusted)))
        {
            if (part.Token is { } token)
            {
                ids.Add(token.Id);
            }
            else
            {
                EncodeWords(new Pieces(normalized, part.Start, part.Length, run.Start == 0 && part.Start == 0), ids, workspace);
            }
        }
    }

    /// <summary>A normalised token may begin with the blank in front of it (<c>▁&lt;s&gt;</c>): whose blank that is does not matter.</summary>
    private static bool IsTouched(AlignedText text, int start, int end, UntrustedSpans untrusted)
    {
        while (start < end - 1 && text.Text[start] is '▁' or ' ')
        {
            start++;
        }

        return untrusted.Touches(text.OriginOf(start), text.OriginOf(end - 1) + 1);
    }

    private void EncodeWords(Pieces pieces, List<int> ids, MergeWorkspace workspace)
    {
        _parts.PreTokenizer?.Apply(pieces);
        foreach ((int, int) range in pieces.Ranges)
        {
            _model.Encode(pieces[range], ids, workspace);
        }
    }

    /// <summary>Where two tokens have one text, a special one comes first, then the one that the file names first.</summary>
    private IEnumerable<AddedToken> Ordered(bool isNormalized) =>
        _parts.AddedTokens.Where(t => t.Normalized == isNormalized).OrderBy(t => t.Special ? 0 : 1);

    private string Normalize(string content) =>
        _parts.Normalizer is null ? content : _parts.Normalizer.Apply(AlignedText.Of(content, 0, content.Length)).Text.ToString();
}
