namespace SkPeft.Engine.Tokenization.AddedTokens;

/// <summary>A token that is found in the text before anything else is done to it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="Special">Never matched in untrusted text; left out by <c>skipSpecial</c>.</param>
/// <param name="Normalized">Matched, normalised, in the normalised text instead of the original.</param>
/// <param name="SingleWord">Not matched within a word.</param>
/// <param name="LeftStrip">Swallows blanks in front.</param>
/// <param name="RightStrip">Swallows blanks behind.</param>
internal sealed record AddedToken(int Id, string Content, bool Special, bool Normalized = false, bool SingleWord = false, bool LeftStrip = false, bool RightStrip = false);
