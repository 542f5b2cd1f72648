using System.Buffers;
using System.Text;

namespace SkPeft.Engine.Tokenization.Decoding;

/// <summary>
/// Text tokens stand for themselves; byte tokens are collected until they make a character. A byte that belongs to none is
/// one U+FFFD, as sentencepiece has it. (The tokenizers library gives up the good characters of such a run too; it can,
/// because it never has to show a piece before it has seen the rest.)
/// </summary>
internal sealed class FallbackAssembler : ByteAssembler
{
    private readonly byte[] _pending = new byte[4];
    private int _count;

    public override void Append(TokenBytes tokens, int id, bool isFirst, StringBuilder to)
    {
        ReadOnlySpan<byte> bytes = tokens.Of(id, isFirst);
        if (tokens.IsRawByte(id))
        {
            _pending[_count++] = bytes[0];
            Resolve(to);
            return;
        }

        Flush(to);
        if (!isFirst)
        {
            to.Append(tokens.Rules.Separator);
        }

        to.Append(Encoding.UTF8.GetString(bytes));
    }

    public override void Flush(StringBuilder to)
    {
        to.Append('\uFFFD', _count);
        _count = 0;
    }

    private void Resolve(StringBuilder to)
    {
        while (_count > 0)
        {
            OperationStatus status = Rune.DecodeFromUtf8(_pending.AsSpan(0, _count), out Rune rune, out int used);
            if (status == OperationStatus.NeedMoreData)
            {
                return;
            }

            if (status == OperationStatus.Done)
            {
                to.Append(rune.ToString());
            }
            else
            {
                to.Append('\uFFFD', used);
            }

            _pending.AsSpan(used, _count - used).CopyTo(_pending);
            _count -= used;
        }
    }
}
