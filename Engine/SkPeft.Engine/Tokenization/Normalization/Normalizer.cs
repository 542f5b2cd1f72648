using SkPeft.Engine.Tokenization.PreTokenization;
using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.Normalization;

/// <summary>One step of rewriting a text before it is cut into words.</summary>
internal abstract class Normalizer
{
    public abstract AlignedText Apply(AlignedText text);
}

internal sealed class SequenceNormalizer(IReadOnlyList<Normalizer> steps) : Normalizer
{
    public override AlignedText Apply(AlignedText text) => steps.Aggregate(text, (t, step) => step.Apply(t));
}

/// <summary>Puts a text in front of whatever is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : Normalizer
{
    public override AlignedText Apply(AlignedText text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        AlignedText result = new(text.Length + prefix.Length);
        result.Append(prefix, text.OriginOf(0));
        result.AppendFrom(text, 0, text.Length);
        return result;
    }
}

/// <summary>Replaces every match.</summary>
internal sealed class ReplaceNormalizer(IPieceFinder finder, string content) : Normalizer
{
    public override AlignedText Apply(AlignedText text)
    {
        AlignedText result = new(text.Length);
        int done = 0;
        long effort = 0;
        while (done < text.Length && finder.TryFind(text.Text, done, ref effort, out int start, out int length) && length > 0)
        {
            result.AppendFrom(text, done, start - done);
            result.Append(content, text.OriginOf(start));
            done = start + length;
        }

        result.AppendFrom(text, done, text.Length - done);
        return result;
    }
}

/// <summary>Takes blanks from the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override AlignedText Apply(AlignedText text)
    {
        int start = 0;
        int end = text.Length;
        while (left && start < end && char.IsWhiteSpace(text.Text[start]))
        {
            start++;
        }

        while (right && end > start && char.IsWhiteSpace(text.Text[end - 1]))
        {
            end--;
        }

        AlignedText result = new(end - start);
        result.AppendFrom(text, start, end - start);
        return result;
    }
}

/// <summary>Lower case, by simple mappings and the one full mapping that there is without context.</summary>
internal sealed class LowercaseNormalizer : Normalizer
{
    public override AlignedText Apply(AlignedText text)
    {
        AlignedText result = new(text.Length);
        for (int i = 0; i < text.Length;)
        {
            int codePoint = CodePoints.At(text.Text, i, out int length);
            int origin = text.OriginOf(i);
            if (codePoint == 'İ')
            {
                result.Append("i\u0307", origin);
            }
            else
            {
                result.AppendCodePoint(System.Text.Rune.ToLowerInvariant(new System.Text.Rune(codePoint)).Value, origin);
            }

            i += length;
        }

        return result;
    }
}
