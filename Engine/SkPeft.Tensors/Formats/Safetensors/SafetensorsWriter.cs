using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SkPeft.Tensors.Formats;

/// <summary>
/// Writes F32 safetensors byte for byte as the reference library does: tensors in the order of their names, the header padded
/// with blanks to a multiple of 8.
/// </summary>
public static class SafetensorsWriter
{
    /// <summary>Writes a file: whole or not at all (a temporary file beside it is renamed at the end).</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="entries">The tensors, in any order.</param>
    /// <param name="metadata">Strings for <c>__metadata__</c>, or null.</param>
    /// <exception cref="FileAccessException">The file cannot be written: folder missing, forbidden, disk full.</exception>
    /// <exception cref="ArgumentException">A name twice, or <c>__metadata__</c> as a name.</exception>
    public static void Write(string path, IEnumerable<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata = null) =>
        AtomicFile.Write(path, stream => Write(stream, entries, metadata));

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">The stream; left open.</param>
    /// <param name="entries">The tensors, in any order.</param>
    /// <param name="metadata">Strings for <c>__metadata__</c>, or null.</param>
    /// <exception cref="ArgumentException">A name twice, or <c>__metadata__</c> as a name.</exception>
    public static void Write(Stream stream, IEnumerable<SafetensorsEntry> entries, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SafetensorsEntry[] sorted = [.. entries.OrderBy(entry => entry.Name, Utf8Order.Instance)];
        for (int i = 0; i < sorted.Length; i++)
        {
            if (sorted[i].Name == "__metadata__" || (i > 0 && sorted[i].Name == sorted[i - 1].Name))
            {
                throw new ArgumentException($"A tensor cannot be called '{sorted[i].Name}': the name is taken.", nameof(entries));
            }
        }

        byte[] header = SafetensorsHeaderText.Of(sorted, metadata);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (SafetensorsEntry entry in sorted)
        {
            entry.WriteRows(row => stream.Write(MemoryMarshal.AsBytes(row)));
        }
    }
}
