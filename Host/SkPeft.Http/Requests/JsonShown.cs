using System.Text.Json;

namespace SkPeft.Http.Requests;

/// <summary>A JSON value in a message: short, however long it is.</summary>
internal static class JsonShown
{
    private const int Most = 60;

    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => $"a list of {value.GetArrayLength()}",
        JsonValueKind.String => $"'{Cut(value.GetString()!)}'",
        _ => Cut(value.GetRawText()),
    };

    private static string Cut(string text) => text.Length <= Most ? text : $"{text[..Most]}…";
}
