namespace SkPeft.Engine.Adapters;

/// <summary>Compares the base that an adapter was made for with the model in this process.</summary>
internal static class BaseCheck
{
    /// <returns>Warnings for the receipt.</returns>
    /// <exception cref="AdapterBaseMismatchException">Another tokenizer or other sizes; in strict mode also other weights.</exception>
    public static IReadOnlyList<string> Compare(AdapterFiles files, ModelFingerprintSource model, bool strict)
    {
        if (files.Base is not { } made)
        {
            return [];
        }

        ModelFingerprint found = model.Value;
        Require(files, "shapes", found.Shapes, made.Shapes);
        if (made.Tokenizer is not null && found.Tokenizer is not null)
        {
            Require(files, "tokenizer", found.Tokenizer, made.Tokenizer);
        }

        if (found.Weights == made.Weights)
        {
            return [];
        }

        return strict
            ? throw new AdapterBaseMismatchException(files.Name, "weights", found.Weights, made.Weights)
            : [$"the base's weights differ from those that the adapter was made for (fingerprint {Short(found.Weights)}, recorded {Short(made.Weights)})"];
    }

    private static string Short(string digest) => digest[..Math.Min(12, digest.Length)];

    private static void Require(AdapterFiles files, string what, string found, string expected)
    {
        if (found != expected)
        {
            throw new AdapterBaseMismatchException(files.Name, what, found, expected);
        }
    }
}
