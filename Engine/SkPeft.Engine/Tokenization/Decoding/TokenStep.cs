using System.Text;

namespace SkPeft.Engine.Tokenization.Decoding;

/// <summary>A decoder that looks at one token at a time.</summary>
internal abstract class TokenStep
{
    /// <summary>True where the first token of a text is treated in its own way.</summary>
    public virtual bool FirstDiffers => false;

    public abstract string Apply(string token, bool isFirst);
}

internal sealed class ReplaceStep(Func<string, string> replace) : TokenStep
{
    public override string Apply(string token, bool isFirst) => replace(token);
}

/// <summary>Spaces for the metaspace, except in the first token, where it was put by the encoder.</summary>
internal sealed class MetaspaceStep(string metaspace, bool dropInFirst) : TokenStep
{
    public override bool FirstDiffers => dropInFirst;

    public override string Apply(string token, bool isFirst) =>
        token.Replace(metaspace, isFirst && dropInFirst ? "" : " ", StringComparison.Ordinal);
}

internal sealed class StripStep(Rune content, int start, int stop) : TokenStep
{
    public override string Apply(string token, bool isFirst)
    {
        Rune[] runes = [.. token.EnumerateRunes()];
        int from = 0;
        while (from < Math.Min(start, runes.Length) && runes[from] == content)
        {
            from++;
        }

        int to = runes.Length;
        while (to > from && runes.Length - to < stop && runes[to - 1] == content)
        {
            to--;
        }

        return string.Concat(runes[from..to]);
    }
}
