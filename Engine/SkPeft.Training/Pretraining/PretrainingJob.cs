namespace SkPeft.Training.Pretraining;

/// <summary>A model from scratch.</summary>
public sealed record PretrainingJob
{
    /// <summary>Hugging Face's <c>config.json</c> of a LLaMA: the shape.</summary>
    public required string Config { get; init; }

    /// <summary>A <c>tokenizer.json</c>, with a <c>tokenizer_config.json</c> beside it that names the token that ends a text.</summary>
    public required string Tokenizer { get; init; }

    /// <summary>Text files; see <c>skpeft pretrain --help</c> for their form.</summary>
    public required IReadOnlyList<string> Data { get; init; }

    /// <summary>The folder that becomes the model, in Hugging Face's layout.</summary>
    public required string Out { get; init; }

    /// <summary>Tokens of a training window.</summary>
    public int Window { get; init; } = 256;

    /// <summary>How it learns.</summary>
    public LearningSettings Learning { get; init; } = new();

    /// <summary>How it goes through the windows; the seed also makes the start values.</summary>
    public LoopSettings Loop { get; init; } = new();

    /// <summary>A file that gets one line a step, or null.</summary>
    public string? Log { get; init; }

    /// <summary>Whether to go on from a checkpoint in <see cref="Out"/>.</summary>
    public bool Resume { get; init; }
}
