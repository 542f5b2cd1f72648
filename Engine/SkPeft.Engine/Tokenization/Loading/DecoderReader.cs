using System.Text;
using SkPeft.Engine.Tokenization.Decoding;
using SkPeft.Engine.Tokenization.PreTokenization;

namespace SkPeft.Engine.Tokenization.Loading;

/// <summary>Reads <c>decoder</c> of tokenizer.json and folds the chain into rules that also work token by token.</summary>
internal sealed class DecoderReader
{
    private const string Supported = "ByteLevel, Metaspace, or a Sequence of Replace, Strip, ByteFallback, Metaspace, then Fuse, then Strip";

    private readonly List<TokenStep> _steps = [];
    private ByteMeaning _bytes;
    private bool _isFused;
    private EdgeStrip _strip;

    public static DecodingRules Read(JsonPart? part)
    {
        DecoderReader reader = new();
        if (part is { } decoder)
        {
            reader.Add(decoder);
        }

        // Without a decoder the reference puts spaces between tokens.
        return new DecodingRules(reader._steps, reader._bytes, reader._strip, part is null ? " " : "");
    }

    private void Add(JsonPart part)
    {
        JsonPart type = part.Need("type", $"one of {Supported}");
        switch (type.AsString())
        {
            case "Sequence":
                foreach (JsonPart inner in part.Need("decoders", "a list of decoders").Items())
                {
                    Add(inner);
                }

                break;
            case "Fuse":
                _isFused = true;
                break;
            case "Strip":
                AddStrip(part);
                break;
            case "ByteLevel" when !_isFused && _bytes == ByteMeaning.None:
                _bytes = ByteMeaning.ByteLevel;
                _isFused = true;
                break;
            case "ByteFallback" when !_isFused && _bytes == ByteMeaning.None:
                _bytes = ByteMeaning.Fallback;
                break;
            case "Replace" when !_isFused && _bytes == ByteMeaning.None:
                IPieceFinder finder = PatternReader.Read(part.Need("pattern", "a pattern"));
                string content = part.Need("content", "a text").AsString();
                _steps.Add(new ReplaceStep(token => Replace(token, finder, content)));
                break;
            case "Metaspace" when !_isFused && _bytes == ByteMeaning.None:
                _steps.Add(new MetaspaceStep(PreTokenizerReader.Metaspace(part), PreTokenizerReader.Scheme(part) != PrependScheme.Never));
                break;
            default:
                throw type.Unsupported(Supported + ", in this order");
        }
    }

    private void AddStrip(JsonPart part)
    {
        JsonPart content = part.Need("content", "one character");
        string text = content.AsString();
        if (text.EnumerateRunes().Count() != 1)
        {
            throw content.Wrong("one character");
        }

        int start = part.Need("start", "how many in front").AsInt(0, int.MaxValue);
        int stop = part.Need("stop", "how many behind").AsInt(0, int.MaxValue);
        if (_isFused && _strip == default && text.Length == 1)
        {
            _strip = new EdgeStrip(text[0], start, stop);
        }
        else if (!_isFused && _bytes == ByteMeaning.None)
        {
            _steps.Add(new StripStep(text.EnumerateRunes().First(), start, stop));
        }
        else
        {
            throw part.Unsupported(Supported + ", in this order");
        }
    }

    private static string Replace(string token, IPieceFinder finder, string content)
    {
        StringBuilder result = new();
        int done = 0;
        long effort = 0;
        while (done < token.Length && finder.TryFind(token, done, ref effort, out int start, out int length) && length > 0)
        {
            result.Append(token, done, start - done).Append(content);
            done = start + length;
        }

        return result.Append(token, done, token.Length - done).ToString();
    }
}
