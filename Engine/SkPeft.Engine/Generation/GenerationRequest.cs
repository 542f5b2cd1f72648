using SkPeft.Engine.Sampling;
using SkPeft.Engine.Structured;

namespace SkPeft.Engine.Generation;

/// <summary>A request to continue a prompt.</summary>
public sealed record GenerationRequest
{
    /// <summary>The prompt, at least one token.</summary>
    public required IReadOnlyList<int> Prompt { get; init; }

    /// <summary>
    /// How many of the prompt's first tokens are the instruction: what a generator of soft tokens (IAPT) reads. Null: all of them.
    /// In a chat it is everything through the first generation prompt, and stays so in later turns.
    /// </summary>
    public int? InstructionTokens { get; init; }

    /// <summary>The adapter, or null for the bare base. The caller keeps its lease until the last token.</summary>
    public ILoadedAdapter? Adapter { get; init; }

    /// <summary>How tokens are chosen.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Most tokens to generate; at least 1. Null: as many as the context has room for.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>What the answer may look like; null: anything. Whenever it ends by an end token it is such a text; a stop text or the limit may cut it off before.</summary>
    public TokenGrammar? Grammar { get; init; }

    /// <summary>Tokens that end the answer; null: those of the tokenizer.</summary>
    public IReadOnlySet<int>? EndIds { get; init; }

    /// <summary>Texts that end the answer and are not part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Whose share of the engine the request uses, a skill for instance; null: its adapter's.</summary>
    public string? Tenant { get; init; }

    /// <summary>Requests of a higher priority are let in first, and take the place of lower ones, which go on later.</summary>
    public int Priority { get; init; }

    /// <summary>The time that the whole answer may take; null: as long as it takes.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>
    /// Tokens that are guessed at a time from what the text repeats (prompt lookup), 0 to 16; 0: none. The answer is the same, and comes faster where it
    /// repeats its prompt, as summaries and edits do. Guesses are made while few answers stream.
    /// </summary>
    public int PromptLookup { get; init; }

    /// <summary>The precision; null: the model's own.</summary>
    public Tensors.Kernels.Precision? Precision { get; init; }
}
