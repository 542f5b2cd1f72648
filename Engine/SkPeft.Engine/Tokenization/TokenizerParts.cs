using SkPeft.Engine.Tokenization.AddedTokens;
using SkPeft.Engine.Tokenization.Bpe;
using SkPeft.Engine.Tokenization.Decoding;
using SkPeft.Engine.Tokenization.Normalization;
using SkPeft.Engine.Tokenization.PreTokenization;

namespace SkPeft.Engine.Tokenization;

/// <summary>Tokens that the files give a role, and what else lies beside the vocabulary.</summary>
internal sealed record TokenNames(int? Bos, int? Eos, bool AddBos, IReadOnlySet<int> EndOfGeneration, string? ChatTemplate);

/// <summary>Everything that a file says, checked and ready: what <see cref="BpeTokenizer"/> is made of. Rules: as the file writes them, for the fingerprint.</summary>
internal sealed record TokenizerParts(
    Vocabulary Vocabulary,
    MergeTable Merges,
    BpeOptions Options,
    IReadOnlyList<AddedToken> AddedTokens,
    Normalizer? Normalizer,
    PreTokenizer? PreTokenizer,
    DecodingRules Decoding,
    TokenNames Names,
    string Rules);
