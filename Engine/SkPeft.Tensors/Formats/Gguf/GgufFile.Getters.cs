namespace SkPeft.Tensors.Formats;

/// <content>Typed access to the metadata. A missing or wrongly typed key is a <see cref="FileFormatException"/> that names it.</content>
public sealed partial class GgufFile
{
    /// <summary>A value, or null where the key is absent.</summary>
    public GgufValue? Find(string key) => Metadata.GetValueOrDefault(key);

    /// <summary>A value that must be there.</summary>
    public GgufValue Get(string key) => Find(key) ?? throw new FileFormatException(Path, key, "no such metadata key", "the key");

    /// <summary>A string that must be there.</summary>
    public string GetString(string key) => Get(key).AsString();

    /// <summary>A string, or <paramref name="absent"/>.</summary>
    public string? GetString(string key, string? absent) => Find(key)?.AsString() ?? absent;

    /// <summary>A truth value that must be there.</summary>
    public bool GetBool(string key) => Get(key).AsBool();

    /// <summary>A truth value, or <paramref name="absent"/>.</summary>
    public bool GetBool(string key, bool absent) => Find(key)?.AsBool() ?? absent;

    /// <summary>An integer of any width that must be there.</summary>
    public long GetInt64(string key) => Get(key).AsInt64();

    /// <summary>An integer of any width, or <paramref name="absent"/>.</summary>
    public long GetInt64(string key, long absent) => Find(key)?.AsInt64() ?? absent;

    /// <summary>An integer of any width that must be there and fit 32 bits unsigned.</summary>
    public uint GetUInt32(string key) => GetInt64(key) is >= 0 and <= uint.MaxValue and long value
        ? (uint)value
        : throw new FileFormatException(Path, key, $"{GetInt64(key)}", "an integer of 0 to 4294967295");

    /// <summary>A float that must be there.</summary>
    public float GetFloat(string key) => (float)Get(key).AsDouble();

    /// <summary>A float, or <paramref name="absent"/>.</summary>
    public float GetFloat(string key, float absent) => (float)(Find(key)?.AsDouble() ?? absent);

    /// <summary>An array of strings that must be there.</summary>
    public string[] GetStringArray(string key) => Get(key).AsStringArray();

    /// <summary>An array of integers of any width that must be there.</summary>
    public long[] GetInt64Array(string key) => Get(key).AsInt64Array();

    /// <summary>An array of floats that must be there.</summary>
    public float[] GetFloatArray(string key) => Get(key).AsSingleArray();
}
