using System.Text;

namespace SkPeft.Tensors.Formats;

/// <summary>
/// Writes GGUF files, version 3, little-endian (specification: ggml, docs/gguf.md). Tensors are encoded row by row as they are
/// written, in the order given, each at a multiple of 32 bytes.
/// </summary>
public static class GgufWriter
{
    private const uint Version = 3;
    private const int Alignment = 32; // what readers take where general.alignment is absent
    private const int MaximumDimensions = 4;
    private const int MaximumNameBytes = 63; // llama.cpp's limit

    /// <summary>Writes a file: whole or not at all (a temporary file beside it is renamed at the end).</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="metadata">The metadata.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="cancellationToken">Stops the work; the file is then as it was.</param>
    /// <exception cref="FileAccessException">The file cannot be written: folder missing, forbidden, disk full.</exception>
    /// <exception cref="FileFormatException">A number that its tensor's type cannot hold.</exception>
    /// <exception cref="ArgumentException">A tensor's name twice or too long, or more than four dimensions.</exception>
    public static void Write(string path, GgufMetadata metadata, IReadOnlyList<GgufEntry> tensors, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(tensors);
        Check(tensors);
        AtomicFile.Write(path, stream => Write(stream, path, metadata, tensors, cancellationToken));
    }

    private static void Write(
        Stream stream, string path, GgufMetadata metadata, IReadOnlyList<GgufEntry> tensors, CancellationToken cancellationToken)
    {
        using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((long)tensors.Count);
        writer.Write((long)metadata.Entries.Count);
        foreach (byte[] entry in metadata.Entries)
        {
            writer.Write(entry);
        }

        long offset = 0;
        foreach (GgufEntry tensor in tensors)
        {
            WriteEntry(writer, tensor, offset);
            offset = checked(offset + Padded(tensor.ByteLength));
        }

        Pad(writer);
        foreach (GgufEntry tensor in tensors)
        {
            tensor.WriteRows(path, writer.Write, cancellationToken);
            Pad(writer);
        }
    }

    // The fastest dimension comes first.
    private static void WriteEntry(BinaryWriter writer, GgufEntry tensor, long offset)
    {
        writer.Write(GgufMetadata.StringBytes(tensor.Name));
        writer.Write((uint)tensor.Shape.Count);
        foreach (long size in tensor.Shape.Reverse())
        {
            writer.Write(size);
        }

        writer.Write(tensor.GgmlId);
        writer.Write(offset);
    }

    private static void Pad(BinaryWriter writer)
    {
        long at = writer.BaseStream.Position;
        writer.Write(new byte[Padded(at) - at]);
    }

    private static long Padded(long length) => (length + Alignment - 1) / Alignment * Alignment;

    private static void Check(IReadOnlyList<GgufEntry> tensors)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (GgufEntry tensor in tensors)
        {
            if (Encoding.UTF8.GetByteCount(tensor.Name) > MaximumNameBytes)
            {
                throw new ArgumentException($"The name '{tensor.Name}' is longer than {MaximumNameBytes} bytes.", nameof(tensors));
            }

            if (!names.Add(tensor.Name))
            {
                throw new ArgumentException($"There are two tensors '{tensor.Name}'.", nameof(tensors));
            }

            if (tensor.Shape.Count > MaximumDimensions)
            {
                throw new ArgumentException($"Tensor '{tensor.Name}' has {tensor.Shape.Count} dimensions; GGUF holds {MaximumDimensions}.", nameof(tensors));
            }
        }
    }
}
