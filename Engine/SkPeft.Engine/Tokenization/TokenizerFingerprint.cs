using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SkPeft.Engine.Tokenization.AddedTokens;

namespace SkPeft.Engine.Tokenization;

/// <summary>A digest of all that decides how text becomes ids and back. Names, templates and roles of tokens are not in it.</summary>
internal static class TokenizerFingerprint
{
    public static string Of(TokenizerParts parts)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, "skpeft tokenizer 1");
        Add(hash, parts.Rules);
        Add(hash, parts.Options.ToString());
        foreach (string? text in parts.Vocabulary.Texts)
        {
            Add(hash, text ?? "\0absent");
        }

        Span<byte> numbers = stackalloc byte[12];
        foreach ((int left, int right, int rank) in parts.Merges.InOrder())
        {
            BinaryPrimitives.WriteInt32LittleEndian(numbers, left);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[4..], right);
            BinaryPrimitives.WriteInt32LittleEndian(numbers[8..], rank);
            hash.AppendData(numbers);
        }

        foreach (AddedToken token in parts.AddedTokens.OrderBy(t => t.Id))
        {
            Add(hash, token.ToString());
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
