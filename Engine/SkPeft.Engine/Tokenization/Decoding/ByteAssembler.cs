using System.Text;

namespace SkPeft.Engine.Tokenization.Decoding;

/// <summary>Joins tokens' bytes to characters, holding back what is not whole yet.</summary>
internal abstract class ByteAssembler
{
    public abstract void Append(TokenBytes tokens, int id, bool isFirst, StringBuilder to);

    /// <summary>Ends the text; the assembler is as new afterwards.</summary>
    public abstract void Flush(StringBuilder to);
}

/// <summary>All tokens are one stream of bytes; every maximal broken part is one U+FFFD (Unicode 16, §3.9, "best practice").</summary>
internal sealed class LossyAssembler : ByteAssembler
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    public override void Append(TokenBytes tokens, int id, bool isFirst, StringBuilder to) => Convert(tokens.Of(id, isFirst), false, to);

    public override void Flush(StringBuilder to) => Convert([], true, to);

    private void Convert(ReadOnlySpan<byte> bytes, bool flush, StringBuilder to)
    {
        Span<char> chars = stackalloc char[256];
        bool done = false;
        while (!done)
        {
            _decoder.Convert(bytes, chars, flush, out int used, out int written, out done);
            to.Append(chars[..written]);
            bytes = bytes[used..];
        }
    }
}
