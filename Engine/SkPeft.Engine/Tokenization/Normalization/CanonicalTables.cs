using System.Globalization;

namespace SkPeft.Engine.Tokenization.Normalization;

/// <summary><see cref="CanonicalData"/> in a form that is quick to ask.</summary>
internal static class CanonicalTables
{
    private static readonly Dictionary<int, int[]> s_decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> s_compositions = [];
    private static readonly Dictionary<int, byte> s_classes = [];

    static CanonicalTables()
    {
        int code = 0;
        foreach (string entry in CanonicalData.Decompositions.Split(';'))
        {
            int sign = entry.IndexOfAny(['=', '!']);
            code = sign == 0 ? code + 1 : Hex(entry.AsSpan(0, sign));
            int[] parts = [.. entry[(sign + 1)..].Split(' ').Select(p => Hex(p))];
            s_decompositions.Add(code, parts);
            if (entry[sign] == '=')
            {
                s_compositions.Add((parts[0], parts[1]), code);
            }
        }

        foreach (string entry in CanonicalData.CombiningClasses.Split(';'))
        {
            string[] sides = entry.Split('=');
            string[] range = sides[0].Split('-');
            for (int c = Hex(range[0]); c <= Hex(range[^1]); c++)
            {
                s_classes.Add(c, byte.Parse(sides[1], CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>The one or two characters that a character is made of; null for most.</summary>
    public static int[]? Decompose(int codePoint) => s_decompositions.GetValueOrDefault(codePoint);

    public static int? Compose(int first, int second) => s_compositions.TryGetValue((first, second), out int code) ? code : null;

    public static byte ClassOf(int codePoint) => codePoint < 0x300 ? (byte)0 : s_classes.GetValueOrDefault(codePoint);

    private static int Hex(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
