using System.Text;
using SkPeft.Engine.Tokenization.Decoding;

namespace SkPeft.Engine.Tokenization;

/// <summary>
/// Decodes token by token and never shows half a character: all pieces together, and <see cref="Flush"/>, are what
/// <see cref="ITokenizer.Decode"/> gives for all ids at once. One sequence each; not for several threads.
/// </summary>
public sealed class Utf8TokenDecoder
{
    private readonly TokenBytes _tokens;
    private readonly ByteAssembler _assembler;
    private readonly EdgeStripper _stripper;
    private readonly StringBuilder _text = new();
    private readonly Func<int, bool>? _skip;
    private bool _started;

    internal Utf8TokenDecoder(TokenBytes tokens, Func<int, bool>? skip)
    {
        _tokens = tokens;
        _skip = skip;
        _assembler = tokens.Rules.StartAssembling();
        _stripper = new EdgeStripper(tokens.Rules.Strip);
    }

    /// <summary>Takes one token and returns the whole characters that are certain now; often none.</summary>
    /// <param name="id">A token id; one outside the vocabulary yields nothing.</param>
    public string Push(int id)
    {
        Append(id);
        return Take();
    }

    /// <summary>Ends the sequence: what is left, with U+FFFD where a character was never finished.</summary>
    public string Flush()
    {
        _assembler.Flush(_text);
        _stripper.Apply(_text, isEnd: true);
        _started = false;
        return Take(stripped: true);
    }

    internal void Append(int id)
    {
        if (!_tokens.Has(id) || (_skip is not null && _skip(id)))
        {
            return;
        }

        _assembler.Append(_tokens, id, isFirst: !_started, _text);
        _started = true;
    }

    private string Take(bool stripped = false)
    {
        if (!stripped)
        {
            _stripper.Apply(_text, isEnd: false);
        }

        string text = _text.ToString();
        _text.Clear();
        return text;
    }
}
