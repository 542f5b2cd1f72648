using System.Text;
using SkPeft.Engine.Tokenization;

namespace SkPeft.Engine.Tests.Tokenization;

/// <summary>Reads the pieces of a sentencepiece <c>tokenizer.model</c> (a protobuf), as a GGUF converter does.</summary>
internal static class SentencePieceModel
{
    public static GgufVocabulary Read(string path)
    {
        List<string> tokens = [];
        List<float> scores = [];
        List<int> types = [];
        foreach ((int field, byte[] piece) in Fields(File.ReadAllBytes(path)))
        {
            if (field != 1)
            {
                continue;
            }

            (string text, float score, int type) = ("", 0, 1);
            foreach ((int inner, byte[] value) in Fields(piece))
            {
                text = inner == 1 ? Encoding.UTF8.GetString(value) : text;
                score = inner == 2 ? BitConverter.ToSingle(value) : score;
                type = inner == 3 ? value[0] : type;
            }

            tokens.Add(text);
            scores.Add(score);
            types.Add(type);
        }

        return new GgufVocabulary(path, "llama", "default", tokens) { Scores = scores, TokenTypes = types, Bos = 1, Eos = 2 };
    }

    private static IEnumerable<(int Field, byte[] Value)> Fields(byte[] message)
    {
        for (int at = 0; at < message.Length;)
        {
            int tag = (int)Varint(message, ref at);
            int start = at;
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    int length = (int)Varint(message, ref at);
                    start = at;
                    at += length;
                    break;
                default:
                    at += 4;
                    break;
            }

            yield return (tag >> 3, message[start..at]);
        }
    }

    private static long Varint(byte[] message, ref int at)
    {
        long value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = message[at++];
            value |= (long)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
