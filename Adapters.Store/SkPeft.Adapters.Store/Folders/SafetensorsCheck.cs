using System.Buffers.Binary;
using System.Text.Json;

namespace SkPeft.Adapters.Store;

/// <summary>
/// Refuses weights that cannot be a whole safetensors file (interrupted downloads, Git LFS pointers, other formats), before they are
/// stored. Types and shapes are checked by whoever loads them.
/// </summary>
internal static class SafetensorsCheck
{
    // The format's own limit on a header.
    private const long MostHeader = 100_000_000;

    public static void Check(FolderFile weights)
    {
        using FileStream stream = weights.Open();
        Span<byte> start = stackalloc byte[8];
        int read = stream.ReadAtLeast(start, 8, throwOnEndOfStream: false);
        long length = stream.Length;
        if (read < 8)
        {
            throw Wrong(weights, "size", $"{length} bytes", "a safetensors file: 8 bytes of header length, the header, the tensors");
        }

        if (start.SequenceEqual("version "u8))
        {
            throw Wrong(weights, "content", "text that begins like a Git LFS pointer", "the weights themselves; run 'git lfs pull' in that folder");
        }

        ulong header = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (header is < 2 or > MostHeader || header > (ulong)(length - 8))
        {
            throw Wrong(weights, "header length", $"{header}", $"2 to {Math.Min(MostHeader, length - 8)} (the file has {length} bytes; is it whole?)");
        }

        byte[] json = new byte[(int)header];
        stream.ReadExactly(json);
        long end = EndOfTensors(weights, json);
        if (end != length - 8 - (long)header)
        {
            throw Wrong(weights, "size", $"{length} bytes", $"{8 + (long)header + end}, where the last tensor ends; copy or download the file again");
        }
    }

    private static long EndOfTensors(FolderFile weights, byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            long end = 0;
            foreach (JsonProperty tensor in document.RootElement.EnumerateObject())
            {
                if (tensor.Name != "__metadata__")
                {
                    end = Math.Max(end, tensor.Value.GetProperty("data_offsets")[1].GetInt64());
                }
            }

            return end;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw new FileFormatException(weights.FullPath, "header", e.Message, "a JSON object of tensors with data_offsets", e);
        }
    }

    private static FileFormatException Wrong(FolderFile file, string field, string found, string expected) => new(file.FullPath, field, found, expected);
}
