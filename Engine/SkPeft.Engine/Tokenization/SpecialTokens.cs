namespace SkPeft.Engine.Tokenization;

/// <summary>What a special token that is written out in a text means.</summary>
public enum SpecialTokens
{
    /// <summary>Nothing: it is spelled like any other text. For field values, user messages and everything else that a stranger wrote.</summary>
    AsText,

    /// <summary>It is that token. For templates and raw prompts.</summary>
    Match,
}
