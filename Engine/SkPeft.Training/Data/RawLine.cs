using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SkPeft.Training.Data;

/// <summary>The bytes of a line.</summary>
/// <param name="File">The file.</param>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Length">Its length in bytes, without the line break.</param>
/// <param name="Content">The bytes; empty where there were too many to be kept.</param>
internal readonly record struct RawLine(string File, int Number, long Length, ReadOnlyMemory<byte> Content)
{
    private const string Expected = "expected one object a line, such as {\"text\": \"…\", \"label\": \"…\"}";

    /// <summary>Whether it was too long to be kept.</summary>
    public bool TooLong => Content.Length < Length;

    /// <summary>Whether there is nothing on it.</summary>
    public bool IsBlank => !TooLong && Content.Span.IndexOfAnyExcept(" \t\r\v\f"u8) < 0;

    /// <summary>The object on it.</summary>
    /// <exception cref="DataLineException">It is too long, no UTF-8, not whole characters, no JSON or no object.</exception>
    public DataLine Parse()
    {
        if (TooLong)
        {
            throw new DataLineException(File, Number, TooLongText());
        }

        if (!Utf8.IsValid(Content.Span))
        {
            throw new DataLineException(File, Number, $"byte {FirstBadByte() + 1} of the line is no UTF-8; save the file as UTF-8.");
        }

        if (JsonParsing.HalfPairIn(Content.Span) is { } at)
        {
            throw new DataLineException(File, Number, $"the text at byte {at + 1} of the line has half a surrogate pair (an escape such as \\uD800 alone), expected whole characters; write both halves, or the character itself as UTF-8.");
        }

        return JsonParsing.TryParse(Content) switch
        {
            null => throw new DataLineException(File, Number, $"this is no JSON; {Expected}."),
            { ValueKind: JsonValueKind.Object } value => new DataLine(File, Number, value),
            { } other => throw new DataLineException(File, Number, $"found {JsonParsing.Describe(other)}, {Expected}."),
        };
    }

    /// <summary>What to say of a line that is too long.</summary>
    public string TooLongText() => $"the line has {Length} bytes, expected at most {JsonLines.MostBytes}.";

    private int FirstBadByte()
    {
        ReadOnlySpan<byte> bytes = Content.Span;
        int at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out int consumed) == System.Buffers.OperationStatus.Done)
        {
            at += consumed;
        }

        return at;
    }
}
