using System.Runtime.InteropServices;
using System.Text;

namespace SkPeft.Testing;

/// <summary>Writes small GGUF files byte by byte, good ones and bad ones. Dimensions are given in torch's order and written reversed.</summary>
public sealed class GgufBuilder
{
    private readonly List<byte[]> _metadata = [];
    private readonly List<(string Name, long[] Shape, uint Type, byte[] Data, ulong? Offset)> _tensors = [];

    public uint Version { get; init; } = 3;

    public int Alignment { get; init; } = 32;

    /// <summary>Adds a key with a value of any type: the type's number and the value's bytes.</summary>
    public GgufBuilder Raw(string key, uint type, params byte[] value)
    {
        _metadata.Add([.. String(key), .. BitConverter.GetBytes(type), .. value]);
        return this;
    }

    public GgufBuilder Add(string key, uint value) => Raw(key, 4, BitConverter.GetBytes(value));

    public GgufBuilder Add(string key, float value) => Raw(key, 6, BitConverter.GetBytes(value));

    public GgufBuilder Add(string key, bool value) => Raw(key, 7, value ? (byte)1 : (byte)0);

    public GgufBuilder Add(string key, string value) => Raw(key, 8, String(value));

    public GgufBuilder Add(string key, params string[] values) =>
        Raw(key, 9, [.. BitConverter.GetBytes(8u), .. BitConverter.GetBytes((ulong)values.Length), .. values.SelectMany(String)]);

    public GgufBuilder Add(string key, params int[] values) =>
        Raw(key, 9, [.. BitConverter.GetBytes(5u), .. BitConverter.GetBytes((ulong)values.Length), .. MemoryMarshal.AsBytes(values.AsSpan())]);

    public GgufBuilder Add(string key, params float[] values) =>
        Raw(key, 9, [.. BitConverter.GetBytes(6u), .. BitConverter.GetBytes((ulong)values.Length), .. MemoryMarshal.AsBytes(values.AsSpan())]);

    /// <summary>Adds a tensor of any type; without <paramref name="offset"/> it comes after the one before.</summary>
    public GgufBuilder Tensor(string name, long[] shape, uint type, byte[] data, ulong? offset = null)
    {
        _tensors.Add((name, shape, type, data, offset));
        return this;
    }

    /// <summary>Adds an F32 tensor.</summary>
    public GgufBuilder Tensor(string name, long[] shape, float[] values) => Tensor(name, shape, 0, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    public byte[] Build()
    {
        List<byte> file = [.. "GGUF"u8, .. BitConverter.GetBytes(Version), .. BitConverter.GetBytes((ulong)_tensors.Count), .. BitConverter.GetBytes((ulong)_metadata.Count)];
        _metadata.ForEach(file.AddRange);
        List<byte> data = [];
        foreach ((string name, long[] shape, uint type, byte[] bytes, ulong? offset) in _tensors)
        {
            Pad(data, Alignment);
            file.AddRange([.. String(name), .. BitConverter.GetBytes((uint)shape.Length), .. shape.Reverse().SelectMany(BitConverter.GetBytes)]);
            file.AddRange([.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(offset ?? (ulong)data.Count)]);
            data.AddRange(bytes);
        }

        Pad(file, Alignment);
        return [.. file, .. data];
    }

    public static byte[] String(string text) => [.. BitConverter.GetBytes((ulong)Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static void Pad(List<byte> bytes, int alignment)
    {
        while (bytes.Count % alignment != 0)
        {
            bytes.Add(0);
        }
    }
}
