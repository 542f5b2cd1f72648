using SkPeft.Engine.Tokenization.Unicode;

namespace SkPeft.Engine.Tokenization.Normalization;

/// <summary>Unicode's normal forms C and D (UAX #15). .NET's own are switched off together with globalisation.</summary>
internal sealed class CanonicalNormalizer(bool compose) : Normalizer
{
    public override AlignedText Apply(AlignedText text)
    {
        // Below U+0300 everything is composed already; below U+00C0 nothing decomposes.
        if (text.Text.IndexOfAnyInRange(compose ? '\u0300' : '\u00C0', '\uFFFF') < 0)
        {
            return text;
        }

        List<Character> characters = new(text.Length);
        for (int i = 0; i < text.Length;)
        {
            int codePoint = CodePoints.At(text.Text, i, out int length);
            Decompose(codePoint, text.OriginOf(i), characters);
            i += length;
        }

        Order(characters);
        if (compose)
        {
            Compose(characters);
        }

        AlignedText result = new(text.Length);
        foreach (Character character in characters)
        {
            result.AppendCodePoint(character.Code, character.Origin);
        }

        return result;
    }

    private static void Decompose(int codePoint, int origin, List<Character> to)
    {
        if (Hangul.TryDecompose(codePoint, out int leading, out int vowel, out int trailing))
        {
            to.Add(new Character(leading, origin, 0));
            to.Add(new Character(vowel, origin, 0));
            if (trailing != 0)
            {
                to.Add(new Character(trailing, origin, 0));
            }
        }
        else if (CanonicalTables.Decompose(codePoint) is { } parts)
        {
            Decompose(parts[0], origin, to);
            if (parts.Length > 1)
            {
                Decompose(parts[1], origin, to);
            }
        }
        else
        {
            to.Add(new Character(codePoint, origin, CanonicalTables.ClassOf(codePoint)));
        }
    }

    private static void Order(List<Character> characters)
    {
        for (int start = 0; start < characters.Count; start++)
        {
            int end = start;
            while (end < characters.Count && characters[end].Class != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                Character[] ordered = [.. characters.GetRange(start, end - start).OrderBy(c => c.Class)];
                for (int i = 0; i < ordered.Length; i++)
                {
                    characters[start + i] = ordered[i];
                }
            }

            start = end;
        }
    }

    private static void Compose(List<Character> characters)
    {
        int kept = 0;
        int starter = -1;
        for (int i = 0; i < characters.Count; i++)
        {
            Character next = characters[i];
            // Blocked: something of the same or a higher class stands between (D115).
            bool isNear = starter >= 0 && (kept - 1 == starter || (characters[kept - 1].Class != 0 && characters[kept - 1].Class < next.Class));
            int? joined = isNear ? Hangul.Compose(characters[starter].Code, next.Code) ?? CanonicalTables.Compose(characters[starter].Code, next.Code) : null;
            if (joined is { } code)
            {
                characters[starter] = characters[starter] with { Code = code };
                continue;
            }

            starter = next.Class == 0 ? kept : starter;
            characters[kept++] = next;
        }

        characters.RemoveRange(kept, characters.Count - kept);
    }

    private readonly record struct Character(int Code, int Origin, byte Class);
}
