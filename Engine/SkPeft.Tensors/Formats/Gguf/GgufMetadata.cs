using System.Runtime.InteropServices;
using System.Text;

namespace SkPeft.Tensors.Formats;

/// <summary>Metadata to be written, in order. Every type of <see cref="GgufValueType"/> but arrays of arrays.</summary>
public sealed class GgufMetadata
{
    private const int MaximumKeyBytes = 65535; // the specification's limit

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<byte[]> _entries = [];
    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);

    internal IReadOnlyList<byte[]> Entries => _entries;

    /// <summary>Adds a number or a truth value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">An integer of 8 to 64 bits, a <see cref="float"/>, a <see cref="double"/> or a <see cref="bool"/>.</param>
    /// <exception cref="ArgumentException">The key is there already, too long, or of another type.</exception>
    public GgufMetadata Add<T>(string key, T value)
        where T : unmanaged => Add(key, GgufScalar.TypeOf<T>(), MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    /// <summary>Adds a string.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The text.</param>
    /// <exception cref="ArgumentException">The key is there already or too long, or there is half a surrogate pair in a text.</exception>
    public GgufMetadata Add(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Add(key, GgufValueType.String, StringBytes(value));
    }

    /// <summary>Adds an array of numbers or truth values.</summary>
    /// <inheritdoc cref="Add{T}(string, T)"/>
    public GgufMetadata AddArray<T>(string key, params ReadOnlySpan<T> value)
        where T : unmanaged => Add(key, GgufValueType.Array,
            [.. BitConverter.GetBytes((uint)GgufScalar.TypeOf<T>()), .. BitConverter.GetBytes((long)value.Length), .. MemoryMarshal.AsBytes(value)]);

    /// <summary>Adds an array of strings.</summary>
    /// <inheritdoc cref="Add(string, string)"/>
    public GgufMetadata AddArray(string key, IReadOnlyList<string> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        using MemoryStream bytes = new();
        bytes.Write(BitConverter.GetBytes((uint)GgufValueType.String));
        bytes.Write(BitConverter.GetBytes((long)value.Count));
        foreach (string text in value)
        {
            bytes.Write(StringBytes(text));
        }

        return Add(key, GgufValueType.Array, bytes.ToArray());
    }

    /// <summary>A string as GGUF writes it: a 64-bit length, and UTF-8.</summary>
    internal static byte[] StringBytes(string text)
    {
        byte[] utf8 = s_utf8.GetBytes(text);
        return [.. BitConverter.GetBytes((long)utf8.Length), .. utf8];
    }

    private GgufMetadata Add(string key, GgufValueType type, ReadOnlySpan<byte> value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (s_utf8.GetByteCount(key) > MaximumKeyBytes)
        {
            throw new ArgumentException($"The key '{key[..40]}…' is longer than {MaximumKeyBytes} bytes.", nameof(key));
        }

        if (!_keys.Add(key))
        {
            throw new ArgumentException($"The key '{key}' is there already.", nameof(key));
        }

        _entries.Add([.. StringBytes(key), .. BitConverter.GetBytes((uint)type), .. value]);
        return this;
    }
}
