using System.Text.Json;

namespace SkPeft.Tensors.Torch;

/// <summary>Seeds for <see cref="TorchGenerator"/> in configurations.</summary>
public static class TorchSeed
{
    /// <summary>Reads a seed; null or absent gives the default, negative ones are noted as a problem.</summary>
    /// <param name="reader">The configuration.</param>
    /// <param name="key">The key.</param>
    /// <param name="otherwise">The default.</param>
    /// <exception cref="FileFormatException">It is no integer.</exception>
    public static ulong Read(AdapterConfigReader reader, string key, int otherwise)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (reader.Get(key) is not { } value)
        {
            return (ulong)reader.Default(key, otherwise);
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out ulong seed))
        {
            return seed;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out long negative))
        {
            throw new FileFormatException(reader.File, key, value.ValueKind.ToString(), "an integer");
        }

        reader.Problem($"{key} is {negative}; a seed from 0 on is supported");
        return 0;
    }
}
