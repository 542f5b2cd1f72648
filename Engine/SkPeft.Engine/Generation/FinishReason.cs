namespace SkPeft.Engine.Generation;

/// <summary>Why an answer ended.</summary>
public enum FinishReason
{
    /// <summary>An end token or a stop text.</summary>
    Stop,

    /// <summary>The limit of tokens, or the end of the context.</summary>
    Length,
}
