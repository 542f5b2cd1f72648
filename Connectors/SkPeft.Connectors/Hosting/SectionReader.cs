using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace SkPeft.Connectors.Hosting;

/// <summary>Reads values of a configuration section. What is wrong becomes a sentence that begins with the key; what nobody read is unknown.</summary>
internal sealed class SectionReader(IConfigurationSection section, List<string> problems)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public string Path => section.Path;

    public string Key => section.Key;

    public string? Text(string key)
    {
        IConfigurationSection value = Take(key);
        if (value.GetChildren().Any())
        {
            Problem(key, "a list or section stands here, expected a text.");
            return null;
        }

        return string.IsNullOrWhiteSpace(value.Value) ? null : value.Value;
    }

    public string Required(string key, string expected)
    {
        string? text = Text(key);
        if (text is null && !Take(key).GetChildren().Any())
        {
            Problem(key, $"nothing is given, expected {expected}.");
        }

        return text ?? "";
    }

    public bool Flag(string key, bool standard)
    {
        string? text = Text(key);
        if (text is null || bool.TryParse(text, out bool flag))
        {
            return text is null ? standard : bool.Parse(text);
        }

        Problem(key, $"'{text}' is not accepted, expected true or false.");
        return standard;
    }

    public int? Integer(string key, int least, int most)
    {
        string? text = Text(key);
        if (text is null || (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most))
        {
            return text is null ? null : int.Parse(text, CultureInfo.InvariantCulture);
        }

        Problem(key, $"'{text}' is not accepted, expected a whole number from {least} to {most}.");
        return null;
    }

    /// <summary>A section of names with a number above 0 each; empty where the key is absent.</summary>
    public IReadOnlyDictionary<string, double> Numbers(string key, double most)
    {
        IConfigurationSection value = Take(key);
        if (!string.IsNullOrEmpty(value.Value))
        {
            Problem(key, $"'{value.Value}' is not accepted, expected a section of names with a number each.");
        }

        Dictionary<string, double> numbers = new(StringComparer.Ordinal);
        foreach (IConfigurationSection item in value.GetChildren())
        {
            if (double.TryParse(item.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number > 0 && number <= most)
            {
                numbers[item.Key] = number;
            }
            else
            {
                problems.Add($"{item.Path}: {(item.Value is { } text ? $"'{text}'" : "a list or section")} is not accepted, expected a number above 0 and up to {most.ToString(CultureInfo.InvariantCulture)}.");
            }
        }

        return numbers;
    }

    public T Choice<T>(string key, T standard)
        where T : struct, Enum
    {
        string? text = Text(key);
        foreach (T value in Enum.GetValues<T>())
        {
            if (value.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        if (text is not null)
        {
            Problem(key, $"'{text}' is not accepted, expected {string.Join(" or ", Enum.GetNames<T>())}.");
        }

        return standard;
    }

    /// <summary>A list of texts; one text alone is a list of one; null where the key is absent.</summary>
    public IReadOnlyList<string>? Texts(string key)
    {
        IConfigurationSection value = Take(key);
        IConfigurationSection[] items = [.. value.GetChildren()];
        foreach (IConfigurationSection item in items.Where(i => i.GetChildren().Any()))
        {
            problems.Add($"{item.Path}: a list or section stands here, expected a text.");
        }

        return items.Length > 0 ? [.. items.Select(i => i.Value ?? "")] : string.IsNullOrEmpty(value.Value) ? null : [value.Value];
    }

    public IReadOnlyList<SectionReader> Sections(string key)
    {
        IConfigurationSection value = Take(key);
        if (!string.IsNullOrEmpty(value.Value))
        {
            Problem(key, $"'{value.Value}' is not accepted, expected a list of sections.");
        }

        return [.. value.GetChildren().Select(child => new SectionReader(child, problems))];
    }

    /// <summary>The keys under a key.</summary>
    public IReadOnlyList<string> Keys(string key) => [.. Take(key).GetChildren().Select(c => c.Key)];

    public void Problem(string key, string sentence) => problems.Add($"{section.Path}:{key}: {sentence}");

    /// <summary>Reports keys that nothing has read.</summary>
    public void RefuseUnknown()
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            problems.Add($"{section.Path}: '{section.Value}' is not accepted, expected a section with {string.Join(", ", _known)}.");
        }

        foreach (IConfigurationSection child in section.GetChildren().Where(c => !_known.Contains(c.Key)))
        {
            problems.Add($"{child.Path}: there is no such setting, expected one of {string.Join(", ", _known)}.");
        }
    }

    private IConfigurationSection Take(string key)
    {
        _known.Add(key);
        return section.GetSection(key);
    }
}
