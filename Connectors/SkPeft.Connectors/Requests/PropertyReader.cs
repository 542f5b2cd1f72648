using Microsoft.Extensions.AI;
using SkPeft.Connectors.Skills;

namespace SkPeft.Connectors.Requests;

/// <summary>Reads AdditionalProperties by name, and refuses names that nobody knows.</summary>
internal sealed class PropertyReader
{
    private readonly Dictionary<string, object> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="InvalidOptionException">A property is not known.</exception>
    public PropertyReader(AdditionalPropertiesDictionary? properties, IReadOnlyList<string> ignored)
    {
        foreach ((string name, object? value) in properties ?? [])
        {
            if (value is null || ignored.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            _values[name] = PropertyNames.All.Contains(name, StringComparer.OrdinalIgnoreCase)
                ? value
                : throw new InvalidOptionException(
                    $"AdditionalProperties '{name}'", "an option of this name", $"one of {string.Join(", ", PropertyNames.All)} (or list it in IgnoredProperties)");
        }
    }

    /// <summary>The text, or null where it is absent. A blank one is an error: it would silently mean nothing.</summary>
    public string? Text(string name) =>
        !_values.TryGetValue(name, out object? value) ? null
        : LooseValue.Text(name, value) is { } text && !string.IsNullOrWhiteSpace(text) ? text
        : throw new InvalidOptionException(name, "a blank text", "a name");

    public IReadOnlyList<string> Texts(string name) => _values.TryGetValue(name, out object? value) ? LooseValue.Texts(name, value) : [];

    public IReadOnlyList<SkillLabel> Labels(string name) => _values.TryGetValue(name, out object? value) ? LabelReader.Read(name, value) : [];

    public double? Number(string name) => _values.TryGetValue(name, out object? value) ? LooseValue.Number(name, value) : null;

    public int? Integer(string name) => _values.TryGetValue(name, out object? value) ? LooseValue.Integer(name, value) : null;

    public IReadOnlyDictionary<int, float>? TokenNumbers(string name) =>
        _values.TryGetValue(name, out object? value) ? LooseValue.TokenNumbers(name, value) : null;
}
