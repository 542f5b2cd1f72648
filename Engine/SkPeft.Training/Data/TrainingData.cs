namespace SkPeft.Training;

/// <summary>How the lines of a JSONL file become sequences.</summary>
/// <remarks>
/// A line is one of: fields for the templates; <c>messages</c> for the model's chat template; or <c>ids</c> with <c>prompt_len</c> (or, for a
/// classifier, with <c>label</c>), which need neither. <c>task_id</c> may be in any of them.
/// </remarks>
public sealed record TrainingData
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The prompt: <c>{field}</c> or <c>{field[0]}</c> is the line's field, trimmed; <c>\n</c> is a line break. No BOS is added.</summary>
    public string? Prompt { get; init; }

    /// <summary>The completion, tokenised apart from the prompt; default <c>" {label}"</c> where there are classes.</summary>
    public string? Completion { get; init; }

    /// <summary>Whether lines are conversations (<c>messages</c>) for the model's own chat template; the loss is on the assistant's turns.</summary>
    public bool Chat { get; init; }

    /// <summary>The classes, for labelled tasks.</summary>
    public IReadOnlyList<LabelClass> Classes { get; init; } = [];

    /// <summary>The field with the true label.</summary>
    public string LabelField { get; init; } = "label";

    /// <summary>Whether every token carries loss, not the completion alone.</summary>
    public bool LossOnAll { get; init; }

    /// <summary>Whether lines that are too long or have an empty completion are passed over and counted; else they are errors.</summary>
    public bool SkipUnusable { get; init; }

    /// <summary>Whether a file whose lines all have the same label or completion is accepted.</summary>
    public bool AllowOneClass { get; init; }

    /// <summary>The first N lines only; null: all.</summary>
    public int? Limit { get; init; }
}
