namespace SkPeft.Engine.Tokenization;

/// <summary>The tokenizer's part of a GGUF file's metadata, as it stands there; <see cref="TokenizerLoader.FromGguf(GgufVocabulary)"/> checks it.</summary>
/// <param name="Source">The file, for messages.</param>
/// <param name="Model"><c>tokenizer.ggml.model</c>: <c>gpt2</c> (byte-level BPE) or <c>llama</c> (SentencePiece BPE).</param>
/// <param name="Pre"><c>tokenizer.ggml.pre</c>.</param>
/// <param name="Tokens"><c>tokenizer.ggml.tokens</c>; bytes that are no UTF-8 may have become U+FFFD.</param>
public sealed record GgufVocabulary(string Source, string Model, string? Pre, IReadOnlyList<string> Tokens)
{
    /// <summary><c>tokenizer.ggml.scores</c>: needed by <c>llama</c>.</summary>
    public IReadOnlyList<float>? Scores { get; init; }

    /// <summary><c>tokenizer.ggml.token_type</c>: 1 normal, 2 unknown, 3 control, 4 user defined, 5 unused, 6 byte.</summary>
    public IReadOnlyList<int>? TokenTypes { get; init; }

    /// <summary><c>tokenizer.ggml.merges</c>, each two spellings with a space between: needed by <c>gpt2</c>.</summary>
    public IReadOnlyList<string>? Merges { get; init; }

    /// <summary><c>tokenizer.ggml.bos_token_id</c>.</summary>
    public long? Bos { get; init; }

    /// <summary><c>tokenizer.ggml.eos_token_id</c>.</summary>
    public long? Eos { get; init; }

    /// <summary><c>tokenizer.ggml.eot_token_id</c>: the end of a turn.</summary>
    public long? Eot { get; init; }

    /// <summary><c>tokenizer.ggml.eom_token_id</c>: the end of a message that is not the end of the turn.</summary>
    public long? Eom { get; init; }

    /// <summary><c>tokenizer.ggml.unknown_token_id</c>.</summary>
    public long? Unknown { get; init; }

    /// <summary><c>tokenizer.ggml.add_bos_token</c>.</summary>
    public bool? AddBos { get; init; }

    /// <summary><c>tokenizer.ggml.add_space_prefix</c> (only <c>llama</c>; absent means true).</summary>
    public bool? AddSpacePrefix { get; init; }

    /// <summary><c>tokenizer.chat_template</c>.</summary>
    public string? ChatTemplate { get; init; }
}
