using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace SkPeft.Testing;

/// <summary>Damages JSON where it hurts: whole values and names are replaced by hostile ones, so that most results still parse.</summary>
public static class JsonMutations
{
    private static readonly string[] s_hostile =
    [
        "-1", "0", "1", "2.5", "1e999", "-1e999", "1e-400", "2147483648", "4294967296", "9223372036854775807", "99999999999999999999999", "null", "true", "false",
        "[]", "{}", "[[]]", "{\"a\":1}", "\"\"", "\"F32\"", "\"\\ud800\"", "\"\\u0000\"", "\"../../etc/passwd\"", "\"model.safetensors\"", "\"llama3\"", "\"linear\"",
        "[1,2]", "[0,0]", "[0,18446744073709551615]", "[-1,4]", "NaN", "[4611686018427387904,4]", "[0,4611686018427387904]", "\"é\"",
    ];

    /// <summary>Copies of one of several texts with one to three tokens replaced, swapped or repeated.</summary>
    public static Gen<byte[]> Of(params string[] texts) =>
        from text in Gen.Elements(texts)
        from edits in (from at in Gen.Choose(0, 100_000)
                       from other in Gen.Choose(0, 100_000)
                       from kind in Gen.Choose(0, 3)
                       from hostile in Gen.Elements(s_hostile)
                       select (at, other, kind, hostile)).NonEmptyListOf()
        select edits.Take(3).Aggregate(Encoding.UTF8.GetBytes(text), (json, edit) => Apply(json, edit.at, edit.other, edit.kind, edit.hostile));

    private static byte[] Apply(byte[] json, int at, int other, int kind, string hostile)
    {
        List<(int Start, int End)> tokens = Tokens(json);
        if (tokens.Count == 0)
        {
            return json;
        }

        (int start, int end) = tokens[at % tokens.Count];
        (int from, int to) = tokens[other % tokens.Count];
        byte[] replacement = kind == 0 ? json[from..to] : Encoding.UTF8.GetBytes(hostile);
        return [.. json[..start], .. replacement, .. json[end..]];
    }

    private static List<(int Start, int End)> Tokens(byte[] json)
    {
        List<(int, int)> tokens = [];
        Utf8JsonReader reader = new(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null)
                {
                    int start = (int)reader.TokenStartIndex;
                    bool quoted = reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String;
                    tokens.Add((start, start + reader.ValueSpan.Length + (quoted ? 2 : 0)));
                }
            }
        }
        catch (JsonException)
        {
            // An earlier edit broke the text; the tokens before the break are still good to damage.
        }

        return tokens;
    }
}
