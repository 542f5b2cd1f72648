namespace SkPeft.Tensors.Layers;

/// <summary>
/// A whole number that some modules have differently (<c>rank_pattern</c>, <c>n_frequency_pattern</c>), or any number (<c>alpha_pattern</c>):
/// the first key that matches the end of a module's name, from a dot on, decides; keys are regular expressions (peft 0.21,
/// <c>get_pattern_key</c>).
/// </summary>
public sealed class ModuleNumbers
{
    private readonly IReadOnlyList<(PythonPattern Pattern, float Value)> _patterns;
    private readonly float _otherwise;

    private ModuleNumbers(float otherwise, IReadOnlyList<(PythonPattern, float)> patterns)
    {
        _otherwise = otherwise;
        _patterns = patterns;
    }

    /// <summary>Reads numbers.</summary>
    /// <param name="reader">The configuration.</param>
    /// <param name="key">The key of the number that the other modules have.</param>
    /// <param name="otherwise">Its default.</param>
    /// <param name="patternKey">The key of the object of patterns.</param>
    /// <exception cref="FileFormatException">A value is no number, or a pattern no regular expression.</exception>
    public static ModuleNumbers Read(AdapterConfigReader reader, string key, float otherwise, string patternKey) =>
        new(reader.Number(key, otherwise), Patterns(reader, patternKey));

    /// <summary>Reads whole numbers; others are noted as problems.</summary>
    /// <inheritdoc cref="Read"/>
    /// <param name="reader">The configuration.</param>
    /// <param name="key">The key of the number that the other modules have.</param>
    /// <param name="otherwise">Its default.</param>
    /// <param name="patternKey">The key of the object of patterns.</param>
    /// <param name="least">The smallest that makes sense.</param>
    public static ModuleNumbers ReadWhole(AdapterConfigReader reader, string key, int otherwise, string patternKey, int least = 1)
    {
        int common = reader.Integer(key, otherwise);
        IReadOnlyList<(PythonPattern, float Value)> patterns = Patterns(reader, patternKey);
        if (common < least)
        {
            reader.Problem($"{key} is {common}; at least {least} is supported");
        }

        // Floats hold whole numbers up to 2^24 exactly: beyond any rank.
        foreach (float value in patterns.Select(p => p.Value).Where(v => v < least || v > 1 << 24 || v != MathF.Floor(v)))
        {
            reader.Problem($"{patternKey} has {value}; a whole number of at least {least} is supported");
        }

        return new ModuleNumbers(common, patterns);
    }

    /// <summary>The number of a module.</summary>
    /// <param name="module">Its name as the adapter's file has it (<see cref="ModuleNames.Seen"/>).</param>
    public float Of(string module)
    {
        foreach ((PythonPattern pattern, float value) in _patterns)
        {
            if (pattern.MatchStart(module).Success)
            {
                return value;
            }
        }

        return _otherwise;
    }

    /// <summary>The whole number of a module.</summary>
    /// <inheritdoc cref="Of"/>
    public int WholeOf(string module) => (int)Of(module);

    private static IReadOnlyList<(PythonPattern, float)> Patterns(AdapterConfigReader reader, string key) =>
        [.. reader.Numbers(key).Select(p => (PythonPattern.Compile(reader.File, key, p.Key, @"(.*\.)?(", ")$"), p.Value))];
}
