using System.Runtime.InteropServices;
using System.Text;

namespace SkPeft.Testing;

/// <summary>Writes small safetensors files from a literal header, good or bad.</summary>
public static class SafetensorsBytes
{
    public static byte[] Of(string header, params byte[] data) => Of(Encoding.UTF8.GetBytes(header), data);

    public static byte[] Of(byte[] header, params byte[] data) => [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. data];

    public static byte[] Of(string header, params float[] data) => Of(header, MemoryMarshal.AsBytes(data.AsSpan()).ToArray());
}
