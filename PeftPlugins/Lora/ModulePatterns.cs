namespace SkPeft.Peft.Lora;

/// <summary>
/// Numbers by pattern (<c>rank_pattern</c>, <c>alpha_pattern</c>): the first key that matches the end of a module's name, from a dot on,
/// decides; keys are regular expressions (peft 0.21, <c>get_pattern_key</c>).
/// </summary>
internal sealed class ModulePatterns
{
    private readonly IReadOnlyList<(PythonPattern Pattern, float Value)> _patterns;

    private ModulePatterns(IReadOnlyList<(PythonPattern, float)> patterns) => _patterns = patterns;

    /// <summary>The numbers.</summary>
    public IEnumerable<float> Values => _patterns.Select(p => p.Value);

    /// <summary>Reads an object of numbers.</summary>
    /// <exception cref="FileFormatException">It is none, or a key is no regular expression.</exception>
    public static ModulePatterns Read(AdapterConfigReader reader, string key) =>
        new([.. reader.Numbers(key).Select(p => (PythonPattern.Compile(reader.File, key, p.Key, @"(.*\.)?(", ")$"), p.Value))]);

    /// <summary>The number for a module, or null.</summary>
    public float? Find(string module)
    {
        foreach ((PythonPattern pattern, float value) in _patterns)
        {
            if (pattern.MatchStart(module).Success)
            {
                return value;
            }
        }

        return null;
    }
}
