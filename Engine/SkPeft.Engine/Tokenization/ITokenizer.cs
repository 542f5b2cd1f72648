using System.Buffers;

namespace SkPeft.Engine.Tokenization;

/// <summary>Text to token ids and back. Immutable and safe to share between threads.</summary>
public interface ITokenizer
{
    /// <summary>Ids are 0 … VocabularySize − 1. A model may have more embeddings than this; decoding such an id yields nothing.</summary>
    int VocabularySize { get; }

    /// <summary>The token that opens a sequence, where the files name one.</summary>
    int? BosId { get; }

    /// <summary>The token that ends a sequence, where the files name one.</summary>
    int? EosId { get; }

    /// <summary>Tokens after which generation stops: <see cref="EosId"/>, and ends of turn such as <c>&lt;|im_end|&gt;</c> that the vocabulary marks special.</summary>
    IReadOnlySet<int> EndOfGenerationIds { get; }

    /// <summary>Whether a prompt of raw text starts with <see cref="BosId"/> unless somebody says otherwise. <c>Encode</c> itself never adds it.</summary>
    bool AddBosByDefault { get; }

    /// <summary>The chat template that came with the vocabulary.</summary>
    string? ChatTemplate { get; }

    /// <summary>SHA-256 (lower-case hex) over vocabulary, merges, flags and rules: equal for equal tokenizers read from the same kind of file.</summary>
    string Fingerprint { get; }

    /// <summary>Encodes a text; nothing is added in front or behind.</summary>
    /// <param name="text">Any UTF-16; a lone surrogate counts as U+FFFD.</param>
    /// <param name="special">Whether special tokens written in the text are matched. Added tokens that are not special (runs of spaces, for instance) always are.</param>
    IReadOnlyList<int> Encode(ReadOnlySpan<char> text, SpecialTokens special = SpecialTokens.AsText);

    /// <summary>Encodes a rendered prompt: special tokens are matched where they touch no untrusted span. Spans do not cut words: merges run across their borders.</summary>
    /// <param name="text">The whole prompt.</param>
    /// <param name="untrusted">Spans, in UTF-16 units, of content that a stranger wrote; in any order.</param>
    IReadOnlyList<int> Encode(string text, IReadOnlyList<(int Start, int Length)> untrusted);

    /// <summary>Encodes segments as the one text that they make; special tokens are matched where they touch no untrusted segment.</summary>
    /// <param name="segments">The prompt in order.</param>
    IReadOnlyList<int> Encode(IReadOnlyList<TextSegment> segments);

    /// <summary>The text of a sequence. Bytes that are no UTF-8 become U+FFFD; ids outside the vocabulary yield nothing.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="skipSpecial">Leaves special tokens out.</param>
    string Decode(ReadOnlySpan<int> ids, bool skipSpecial = false);

    /// <summary>Starts decoding token by token.</summary>
    /// <param name="skipSpecial">Leaves special tokens out.</param>
    Utf8TokenDecoder StartDecoding(bool skipSpecial = false);

    /// <summary>Appends the bytes that a token stands for in the middle of a text: possibly a part of a character.</summary>
    /// <param name="id">A token id; one outside the vocabulary appends nothing.</param>
    /// <param name="to">Where the bytes go.</param>
    void AppendBytes(int id, IBufferWriter<byte> to);

    /// <summary>The token as the vocabulary spells it (<c>Ġhello</c>, <c>▁hello</c>, <c>&lt;0x0A&gt;</c>); empty for an id outside it.</summary>
    /// <param name="id">A token id.</param>
    string TokenText(int id);

    /// <summary>The id of a token as the vocabulary spells it.</summary>
    /// <param name="token">Its spelling.</param>
    int? IdOf(string token);

    /// <summary>Whether a token is special (control), so not part of what a reader should see.</summary>
    /// <param name="id">A token id.</param>
    bool IsSpecial(int id);
}
